using System.Text.Json.Nodes;
using Minions.Extensions.AI.ToolCalls.Learning;

namespace Minions.Extensions.AI.Tests.ToolCalls.Learning;

public class ChatMarkupTests
{
    private static readonly WrittenCall[] Calls =
        [new("get_weather", new JsonObject { ["city"] = "Zürich {", ["days"] = 3 }), new("now", []), new("get_weather", new JsonObject { ["city"] = "<b>" })];

    // What the templates of these models render, in the words of this project.
    private static readonly Dictionary<string, Func<WrittenCall, int, int, string>> Renderings = new()
    {
        ["Hermes"] = (call, _, _) => $"\n<tool_call>\n{{\"name\": \"{call.Name}\", \"arguments\": {call.ArgumentsJson}}}\n</tool_call>",
        ["Qwen Coder"] = (call, _, _) => $"\n<tool_call>\n<function={call.Name}>\n{Parameters(call, "<parameter=", ">\n", "\n</parameter>\n")}</function>\n</tool_call>",
        ["Granite"] = (call, index, count) => (index == 0 ? "<|tool_call|>[" : ", ") + $"{{\"name\": \"{call.Name}\", \"arguments\": {call.ArgumentsJson}}}" + (index == count - 1 ? "]" : ""),
        ["Mistral"] = (call, _, _) => $"[TOOL_CALLS]{call.Name}[ARGS]{call.ArgumentsJson}",
        ["learnt: JSON"] = (call, _, _) => $"<use>{{\"name\": \"{call.Name}\", \"arguments\": {call.ArgumentsJson}}}</use>",
        ["learnt: JSON in a section"] = (call, index, count) =>
            (index == 0 ? "<uses>\n" : "") + $"<use>{{\"name\": \"{call.Name}\", \"arguments\": {call.ArgumentsJson}}}</use>\n" + (index == count - 1 ? "</uses>" : ""),
        ["learnt: JSON in a list"] = (call, index, count) =>
            (index == 0 ? "<uses>[" : ", ") + $"{{\"name\": \"{call.Name}\", \"parameters\": {call.ArgumentsJson}}}" + (index == count - 1 ? "]</uses>" : ""),
        ["learnt: name and JSON"] = (call, _, _) => $"<use={call.Name}>{call.ArgumentsJson}</use>",
        ["learnt: names and JSON in a section"] = (call, index, count) =>
            (index == 0 ? "<|uses|>" : "") + $"<|use|>{call.Name}<|with|>{call.ArgumentsJson}<|used|>" + (index == count - 1 ? "<|/uses|>" : ""),
        ["learnt: tags"] = (call, index, count) =>
            (index == 0 ? "\n<my:use>\n" : "") + $"<invoke name=\"{call.Name}\">\n{Parameters(call, "<parameter name=\"", "\">", "</parameter>\n")}</invoke>\n" + (index == count - 1 ? "</my:use>" : ""),
        ["learnt: tags, each in a block"] = (call, _, _) => $"\n<my:use>\n<run={call.Name}>\n{Parameters(call, "<arg=", ">", "</arg>\n")}</run>\n</my:use>",
    };

    private static IEnumerable<string> Names => Renderings.Keys;

    [TestCaseSource(nameof(Names))]
    public void The_format_is_learnt_from_what_the_template_renders(string name)
    {
        ChatMarkup markup = ChatMarkup.Learn("no marker at all", (messages, tools, _) => Render(messages, tools, Renderings[name]));
        Assert.That(markup.Syntax.Calls?.Name, name.StartsWith("learnt", StringComparison.Ordinal) ? Does.StartWith("learnt") : Is.EqualTo(name));
        Assert.That(markup.ArgumentsAsText, Is.False);

        string output = string.Concat(Calls.Select((call, index) => Renderings[name](call, index, Calls.Length)));
        ReadOutput read = ReadOutput.Of(markup.Syntax, "I look." + output);
        Assert.That(read.CallTexts, Is.EqualTo(Calls.Select(call => call.ToString())), read.Trace);
        Assert.That(read.Text, Is.EqualTo("I look."));
        Assert.That(ReadOutput.Of(markup.Syntax, ReadOutput.Split("I look." + output, [1])).Trace, Is.EqualTo(read.Trace));
    }

    [Test]
    public void A_template_that_refuses_objects_and_content_is_given_text_and_none()
    {
        ChatMarkup markup = ChatMarkup.Learn(string.Empty, (messages, tools, prompt) =>
        {
            JsonNode last = messages[^1]!;
            if (last["tool_calls"] is JsonArray calls && (last["content"] is not null || calls[0]!["function"]!["arguments"] is not JsonValue))
                throw new InvalidOperationException("Such a message is not wanted.");
            return Render(messages, tools, Renderings["Hermes"]);
        });
        Assert.That((markup.Syntax.Calls?.Name, markup.ArgumentsAsText, markup.NoContentBesideCalls), Is.EqualTo(("Hermes", true, true)));
    }

    [Test]
    public void A_template_that_renders_no_calls_is_known_by_the_markers_in_its_source()
    {
        Assert.That(Learn("... [TOOL_CALLS] ...").Syntax.Calls?.Name, Is.EqualTo("Mistral"));
        Assert.That(Learn("... <｜tool▁calls▁begin｜> ...").Syntax.Calls?.Name, Is.EqualTo("DeepSeek"));
        Assert.That(Learn("...").Syntax.Calls, Is.Null);

        static ChatMarkup Learn(string source) => ChatMarkup.Learn(source, (_, _, _) => throw new InvalidOperationException());
    }

    [Test]
    public void Reasoning_is_learnt_with_the_member_that_the_template_reads()
    {
        ChatMarkup markup = ChatMarkup.Learn(string.Empty, (messages, _, prompt) =>
            string.Concat(messages.Select(message => $"<|im_start|>{message!["role"]}\n{(message["thinking"] is { } thought ? $"<muse>\n{thought}\n</muse>\n" : "")}{message["content"]}<|im_end|>\n")));
        Assert.That(markup.ReasoningField, Is.EqualTo("thinking"));
        Assert.That((markup.Syntax.Reasoning?.Open, markup.Syntax.Reasoning?.Close), Is.EqualTo(("<muse>", "</muse>")));
        Assert.That(markup.StartsInReasoning("<|im_start|>assistant\n<muse>\n"));
    }

    private static string Render(JsonArray messages, JsonArray? tools, Func<WrittenCall, int, int, string> write)
    {
        string text = $"<|im_start|>system\n{tools?.ToJsonString()}<|im_end|>\n";
        foreach (JsonNode? message in messages)
        {
            text += $"<|im_start|>{message!["role"]}\n{message["content"]}";
            JsonArray calls = message["tool_calls"] as JsonArray ?? [];
            for (int i = 0; i < calls.Count; i++)
            {
                JsonNode arguments = calls[i]!["function"]!["arguments"]!;
                JsonObject members = arguments as JsonObject ?? JsonNode.Parse(arguments.GetValue<string>())!.AsObject();
                text += write(new WrittenCall(calls[i]!["function"]!["name"]!.GetValue<string>(), members), i, calls.Count);
            }

            text += "<|im_end|>\n";
        }

        return text;
    }

    private static string Parameters(WrittenCall call, string open, string end, string close) =>
        string.Concat(call.Arguments.Select(member => $"{open}{member.Key}{end}{WrittenCall.Text(member.Value)}{close}"));
}
