using System.Text.Json;
using System.Text.Json.Nodes;
using CsCheck;
using Microsoft.Extensions.AI;
using Minions.Extensions.AI.ToolCalls;
using Minions.Extensions.AI.ToolCalls.Formats;
using Minions.Extensions.AI.ToolCalls.Learning;
using Minions.Extensions.AI.ToolCalls.Messages;

namespace Minions.Extensions.AI.Tests.ToolCalls.Messages;

public class TemplateMessagesTests
{
    private static readonly ChatMarkup Plain = new();

    private static JsonArray Put(IEnumerable<ChatMessage> messages, ChatMarkup markup) =>
        ConversationWriter.Write(TemplateMessages.From(messages, markup), null, ToolCatalog.Empty, new ConversationForm(), markup).Messages;

    [Test]
    public void A_history_with_calls_results_and_reasoning_becomes_what_templates_expect()
    {
        ChatMessage[] history =
        [
            new(ChatRole.System, "Be brief."),
            new(ChatRole.User, [new TextContent("Weather "), new TextContent("in Zürich?")]),
            new(ChatRole.Assistant,
            [
                new TextReasoningContent("I look."), new TextContent("Let me see."),
                new FunctionCallContent("1", "get_weather", new Dictionary<string, object?> { ["city"] = Tools.Json("\"Zürich\""), ["days"] = 2, ["share"] = null }),
                new FunctionCallContent("2", "now"),
            ]),
            new(ChatRole.Tool, [new FunctionResultContent("1", Tools.Json("{\"t\": 3.5}")), new FunctionResultContent("2", "noon")]),
            new(ChatRole.Assistant, []),
        ];
        Assert.That(WrittenCall.Json(Put(history, Plain)), Is.EqualTo(WrittenCall.Json(JsonNode.Parse(
            """
            [{"role":"system","content":"Be brief."},
            {"role":"user","content":"Weather in Zürich?"},
            {"role":"assistant","content":"Let me see.","reasoning_content":"I look.","tool_calls":[
            {"id":"1","type":"function","function":{"name":"get_weather","arguments":{"city":"Zürich","days":2,"share":null}}},
            {"id":"2","type":"function","function":{"name":"now","arguments":{}}}]},
            {"role":"tool","tool_call_id":"1","name":"get_weather","content":"{\"t\": 3.5}"},
            {"role":"tool","tool_call_id":"2","name":"now","content":"noon"},
            {"role":"assistant","content":""}]
            """))).IgnoreWhiteSpace);
    }

    [Test]
    public void The_template_says_how_arguments_content_reasoning_and_ids_are_put()
    {
        ChatMarkup markup = new()
        {
            Syntax = new OutputSyntax(new MistralFormat(), null),
            ArgumentsAsText = true,
            NoContentBesideCalls = true,
            ReasoningField = "thinking",
        };
        JsonArray messages = Put(
        [
            new(ChatRole.Assistant, [new TextReasoningContent("Hm."), new FunctionCallContent("call_from_another_model", "now")]),
            new(ChatRole.Tool, [new FunctionResultContent("call_from_another_model", 5)]),
        ], markup);
        JsonNode call = messages[0]!["tool_calls"]![0]!;
        Assert.That(call["function"]!["arguments"]!.GetValue<string>(), Is.EqualTo("{}"));
        Assert.That(messages[0]!["content"], Is.Null);
        Assert.That(messages[0]!["thinking"]!.GetValue<string>(), Is.EqualTo("Hm."));
        Assert.That(call["id"]!.GetValue<string>(), Does.Match("^[A-Za-z0-9]{9}$"));
        Assert.That(messages[1]!["tool_call_id"]!.GetValue<string>(), Is.EqualTo(call["id"]!.GetValue<string>()));
        Assert.That(messages[1]!["content"]!.GetValue<string>(), Is.EqualTo("5"));
    }

    [Test]
    public void Of_members_of_one_name_the_last_counts_at_every_depth()
    {
        object[] given = [Tools.Json("""[{"x":1,"y":2,"x":{"a":1,"a":3.0}}]"""), JsonNode.Parse("""[{"x":1,"y":2,"x":{"a":1,"a":3.0}}]""")!];
        foreach (object value in given)
        {
            JsonArray messages = Put([new(ChatRole.Assistant, [new FunctionCallContent("1", "now", new Dictionary<string, object?> { ["v"] = value })])], Plain);
            Assert.That(
                WrittenCall.Json(messages[0]!["tool_calls"]![0]!["function"]!["arguments"]), Is.EqualTo("""{"v":[{"x":{"a":3.0},"y":2}]}"""));
        }
    }

    [Test]
    public void A_value_that_is_nested_too_deep_is_an_error_that_names_it()
    {
        using JsonDocument deep = JsonDocument.Parse(new string('[', 300) + new string(']', 300), new JsonDocumentOptions { MaxDepth = 300 });
        FunctionCallContent call = new("1", "now", new Dictionary<string, object?> { ["v"] = deep.RootElement });
        Assert.That(() => Put([new(ChatRole.Assistant, [call])], Plain), Throws.ArgumentException.With.Message.Contains("'v'").And.Message.Contains("256"));
    }

    [Test]
    public void Calls_that_were_cut_off_are_left_out_unless_they_are_answered()
    {
        FunctionCallContent cut = new("1", "now") { InformationalOnly = true };
        FunctionCallContent run = new("2", "now", new Dictionary<string, object?>()) { InformationalOnly = true };
        FunctionCallContent open = new("3", "now");
        JsonArray messages = Put(
            [new(ChatRole.Assistant, [new TextContent("I look."), cut, run, open]), new(ChatRole.Tool, [new FunctionResultContent("2", "noon")])], Plain);
        Assert.That(messages[0]!["tool_calls"]!.AsArray().Select(call => call!["id"]!.GetValue<string>()), Is.EqualTo(new[] { "2", "3" }));

        JsonArray told = Put([new(ChatRole.Assistant, [cut]), new(ChatRole.Tool, [new FunctionResultContent("1", "Not JSON.")])], Plain);
        Assert.That(told[0]!["tool_calls"]!.AsArray(), Has.Count.EqualTo(1));
        Assert.That(Put([new(ChatRole.Assistant, [cut])], Plain)[0]!["tool_calls"], Is.Null);
    }

    [Test]
    public void The_author_is_the_name_that_templates_read()
    {
        JsonArray messages = Put([new(ChatRole.User, "Hi") { AuthorName = "Ada" }, new(ChatRole.Assistant, "Hello") { AuthorName = "" }], Plain);
        Assert.That(messages[0]!["name"]!.GetValue<string>(), Is.EqualTo("Ada"));
        Assert.That(messages[1]!.AsObject().ContainsKey("name"), Is.False);
    }

    [Test]
    public void Kimi_is_given_the_ids_that_stand_for_names()
    {
        ChatMarkup markup = new() { Syntax = new OutputSyntax(new KimiFormat(), null) };
        JsonArray messages = Put([new(ChatRole.Assistant, [new FunctionCallContent("a", "now"), new FunctionCallContent("functions.now:7", "now")])], markup);
        Assert.That(messages[0]!["tool_calls"]!.AsArray().Select(call => call!["id"]!.GetValue<string>()), Is.EqualTo(new[] { "functions.now:0", "functions.now:7" }));
    }

    [Test]
    public void A_picture_is_refused_with_the_message_it_is_in()
    {
        ChatMessage[] messages = [new(ChatRole.User, "Hi"), new(ChatRole.User, [new TextContent("What is it?"), new DataContent(new byte[] { 1 }, "image/png")])];
        Assert.That(
            () => Put(messages, Plain),
            Throws.InstanceOf<NotSupportedException>().With.Message.Contains("Message 1").And.Message.Contains("DataContent").And.Message.Contains("text alone"));
        Assert.That(
            () => Put([new(ChatRole.User, [new UriContent("https://example.org/a.png", "image/png")])], Plain), Throws.InstanceOf<NotSupportedException>());
    }

    [Test]
    public void Contents_in_a_message_of_the_wrong_role_are_refused()
    {
        Assert.That(() => Put([new(ChatRole.User, [new FunctionCallContent("1", "now")])], Plain), Throws.InstanceOf<NotSupportedException>().With.Message.Contains("assistant"));
        Assert.That(() => Put([new(ChatRole.Assistant, [new FunctionResultContent("1", "x")])], Plain), Throws.InstanceOf<NotSupportedException>().With.Message.Contains("tool"));
        Assert.That(() => Put([new(ChatRole.Tool, "noon")], Plain), Throws.InstanceOf<NotSupportedException>().With.Message.Contains("FunctionResultContent"));
    }

    [Test]
    public void No_message_an_empty_one_and_an_unknown_role_are_errors()
    {
        Assert.That(() => Put([], Plain), Throws.ArgumentException.With.Message.Contains("no message"));
        Assert.That(() => Put([new(ChatRole.User, "")], Plain), Throws.ArgumentException.With.Message.Contains("Message 0"));
        Assert.That(() => Put([new(ChatRole.Tool, [])], Plain), Throws.ArgumentException.With.Message.Contains("FunctionResultContent"));
        Assert.That(() => Put([new(new ChatRole("narrator"), "Once")], Plain), Throws.ArgumentException.With.Message.Contains("narrator"));
        Assert.That(Put([new(new ChatRole("developer"), "Once")], Plain), Has.Count.EqualTo(1));
    }

    [Test]
    public void A_call_that_was_read_renders_back_as_it_was_written() => WrittenCall.Some.Sample(calls =>
    {
        Dialect hermes = Dialect.All[0];
        AIContent[] contents = [.. ReadOutput.Of(hermes.Syntax, hermes.Write(calls)).Calls.Select(call => OutputContents.ToContent(new CallPart(call)))];
        JsonArray messages = Put([new(ChatRole.Assistant, contents)], Plain);
        IEnumerable<WrittenCall> back = messages[0]!["tool_calls"]!.AsArray().Select(call => call!["function"]!)
            .Select(function => new WrittenCall(function["name"]!.GetValue<string>(), function["arguments"]!.AsObject()));
        Assert.That(hermes.Write([.. back]), Is.EqualTo(hermes.Write(calls)));
    }, iter: 20);

    [Test]
    public void Results_are_text_as_it_is_and_JSON_for_the_rest()
    {
        (object? Result, string Text)[] results =
        [
            ("a \"b\"", "a \"b\""), (Tools.Json("\"c\""), "c"), (Tools.Json("[1,\"é\"]"), "[1,\"é\"]"), (null, "null"), (true, "true"),
            (new TextContent("d"), "d"), (new AIContent[] { new TextContent("e"), new TextContent("f") }, "ef"), (new JsonObject { ["g"] = "é" }, "{\"g\":\"é\"}"),
        ];
        foreach ((object? result, string text) in results)
            Assert.That(Put([new(ChatRole.Tool, [new FunctionResultContent("1", result)])], Plain)[0]!["content"]!.GetValue<string>(), Is.EqualTo(text));

        FunctionResultContent failed = new("1", null) { Exception = new TimeoutException("No answer in 5 s.") };
        Assert.That(Put([new(ChatRole.Tool, [failed])], Plain)[0]!["content"]!.GetValue<string>(), Is.EqualTo("Error: TimeoutException: No answer in 5 s."));

        Assert.That(
            () => Put([new(ChatRole.Tool, [new FunctionResultContent("1", new DataContent(new byte[] { 1 }, "image/png"))])], Plain),
            Throws.InstanceOf<NotSupportedException>().With.Message.Contains("message 0"));
    }
}
