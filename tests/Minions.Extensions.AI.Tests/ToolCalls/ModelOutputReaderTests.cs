using System.Text.Json;
using Minions.Core.Generation;
using Minions.Extensions.AI.Reasoning;
using Minions.Extensions.AI.ToolCalls;
using Minions.Extensions.AI.ToolCalls.Formats;

namespace Minions.Extensions.AI.Tests.ToolCalls;

public class ModelOutputReaderTests
{
    private static readonly OutputSyntax Hermes = new(new HermesFormat(), new ReasoningMarkers("<think>", "</think>"));

    [Test]
    public void Text_stands_before_between_and_behind_calls_with_one_break_in_place_of_those_around_them()
    {
        ReadOutput read = ReadOutput.Of(
            Hermes, "Let me see.\n<tool_call>\n{\"name\": \"now\", \"arguments\": {}}\n</tool_call>\n and <tool_call>{\"name\": \"now\"}</tool_call>\n\nDone.\n");
        Assert.That(read.Trace, Is.EqualTo("\ntext: Let me see.\ncall: now {}  False\ntext:  and\ncall: now {}  False\ntext: \nDone.\n"));
        Assert.That(read.Text, Is.EqualTo("Let me see. and\nDone.\n"));
    }

    [Test]
    public void A_call_comes_with_the_piece_that_completes_it()
    {
        ModelOutputReader reader = new(new OutputSyntax(new MistralFormat(), null), Tools.Catalog, startsInReasoning: false);
        Assert.That(reader.Read("[TOOL_CALLS] [{\"name\": \"now\", \"arguments\": {"), Is.Empty);
        Assert.That(reader.Read("}}, "), Has.Count.EqualTo(1));
        Assert.That(reader.Read("{\"name\": \"now\", \"arguments\": {}}"), Has.Count.EqualTo(1));
        Assert.That(reader.End(), Is.Empty);
    }

    [Test]
    public void A_marker_that_no_call_follows_is_text() =>
        Assert.That(ReadOutput.Of(Hermes, "Write <tool_call> before it.").Trace, Is.EqualTo("\ntext: Write <tool_call> before it."));

    [Test]
    public void A_call_in_a_code_fence_is_text_where_the_marker_is_missing() =>
        Assert.That(
            ReadOutput.Of(Hermes, "```json\n{\"name\": \"now\", \"arguments\": {}}\n```").Trace,
            Is.EqualTo("\ntext: ```json\n{\"name\": \"now\", \"arguments\": {}}\n```"));

    [Test]
    public void Text_is_held_back_only_while_it_may_become_a_marker()
    {
        ModelOutputReader reader = new(Hermes, Tools.Catalog, startsInReasoning: false);
        Assert.That(reader.Read("a <tool"), Is.EqualTo(new[] { new TextPart("a") }));
        Assert.That(reader.Read("box"), Is.EqualTo(new[] { new TextPart(" <toolbox") }));
    }

    [TestCase("<tool_call>{\"name\": \"now\", \"arguments\": {bad}}</tool_call> Sorry.", "now")]
    [TestCase("<tool_call>{\"name\": \"now\", \"arguments\": [1]}</tool_call> Sorry.", "now")]
    [TestCase("<tool_call>{\"name\": \"now\", \"arguments\": {\"a\": ]}}</tool_call> Sorry.", "now")]
    [TestCase("<tool_call>{\"name\": \"now\", \"arguments\": {\"a\": \"b}}</tool_call> Sorry.", "now")]
    [TestCase("<tool_call>{\"arguments\": {}}</tool_call> Sorry.", "")]
    public void Arguments_that_cannot_be_read_are_told_with_the_exception(string output, string name)
    {
        ReadOutput read = ReadOutput.Of(Hermes, output);
        Assert.That(read.Calls, Has.Count.EqualTo(1));
        Assert.That(read.Calls[0].Name, Is.EqualTo(name));
        Assert.That(read.Calls[0].Error, Is.InstanceOf<JsonException>());
        Assert.That(read.Calls[0].IsCutOff, Is.False);
        Assert.That(read.Text, Is.EqualTo(" Sorry."));
    }

    [TestCase("<tool_call>", "")]
    [TestCase("<tool_call>\n{\"na", "")]
    [TestCase("<tool_call>\n{\"name\": \"get_weather\", \"arguments\": {\"city\": \"Ro", "get_weather")]
    public void A_call_that_the_end_cuts_off_is_told_with_what_is_known(string output, string name)
    {
        ToolCall call = ReadOutput.Of(Hermes, output).Calls.Single();
        Assert.That(call.IsCutOff);
        Assert.That(call.Name, Is.EqualTo(name));
        Assert.That(call.Error, Is.InstanceOf<EndOfStreamException>());
        Assert.That(call.ArgumentsText, Is.EqualTo(output));
    }

    [TestCase("length", "Allow more output tokens")]
    [TestCase("stop_sequence", "use none that calls contain")]
    [TestCase("end_token", "Ask it again")]
    [TestCase("other", "The output ended inside a call of the tool 'now'.")]
    public void A_call_that_is_cut_off_tells_what_ended_the_output(string reason, string advice)
    {
        ModelOutputReader reader = new(Hermes, Tools.Catalog, startsInReasoning: false);
        reader.Read("<tool_call>\n{\"name\": \"now\", ");
        ToolCall call = reader.End(new FinishReason(reason)).OfType<CallPart>().Single().Call;
        Assert.That(call.Error!.Message, Does.Contain("the tool 'now'").And.Contain(advice));
    }

    [Test]
    public void A_whole_call_needs_no_closing_marker() =>
        Assert.That(ReadOutput.Of(Hermes, "<tool_call>\n{\"name\": \"now\", \"arguments\": {}}").Trace, Is.EqualTo("\ncall: now {}  False"));

    [Test]
    public void Arguments_may_be_a_string_that_holds_them_and_strings_may_hold_breaks()
    {
        ReadOutput read = ReadOutput.Of(
            Hermes, "<tool_call>{\"name\": \"f\", \"arguments\": \"{\\\"a\\\": 1}\"}</tool_call><tool_call>{\"name\": \"f\", \"arguments\": {\"a\": \"x\ny\"}}</tool_call>");
        Assert.That(read.Calls[0].ArgumentsText, Is.EqualTo("{\"a\": 1}"));
        Assert.That(read.Calls[1].Arguments!["a"]!.ToString(), Is.EqualTo("x\ny"));
    }

    [TestCase("[TOOL_CALLS][{\"name\": \"now\", \"arguments\": {}, \"id\": \"abcdefghi\"}]", "^[A-Za-z0-9]{9}$")]
    [TestCase("[TOOL_CALLS]now[CALL_ID]123456789[ARGS]{}", "^[A-Za-z0-9]{9}$")]
    [TestCase("<tool_call>{\"name\": \"now\", \"arguments\": {}, \"id\": \"1\"}</tool_call>", "^call_")]
    [TestCase("<|tool_calls_section_begin|><|tool_call_begin|>functions.now:3 <|tool_call_argument_begin|> {}<|tool_call_end|><|tool_calls_section_end|>", "^call_")]
    public void Ids_are_new_in_every_output(string output, string form)
    {
        Dialect dialect = Dialect.All.First(dialect => dialect.Format.Openers.Any(output.StartsWith));
        string[] ids = [.. Enumerable.Range(0, 3).Select(_ => ReadOutput.Of(dialect.Syntax, output).Calls.Single().Id)];
        Assert.That(ids, Is.Unique);
        Assert.That(ids, Is.All.Match(form));
    }

    [Test]
    public void Messages_of_Harmony_are_kept_apart() =>
        Assert.That(
            ReadOutput.Of(
                new OutputSyntax(new HarmonyFormat(), null),
                "<|channel|>analysis<|message|>One.<|end|><|channel|>commentary<|message|>I look.<|end|><|channel|>analysis<|message|>Two.<|end|><|channel|>final<|message|>Noon.<|return|>"),
            Has.Property(nameof(ReadOutput.Text)).EqualTo("I look.\nNoon.").And.Property(nameof(ReadOutput.Reasoning)).EqualTo("One.\nTwo."));

    [Test]
    public void Llama_answers_in_JSON_are_text_unless_they_name_an_offered_tool()
    {
        OutputSyntax llama = new(new LlamaFormat(), null);
        foreach (string answer in (string[])["{\"answer\": 42}", "{\"name\": \"Bob\", \"age\": 3}", "{}", "{ no", "[1, 2]", "[{\"x\": 1}]", "{\"name\": \"no"])
            Assert.That(ReadOutput.Of(llama, answer).Trace, Is.EqualTo("\ntext: " + answer));

        Assert.That(ReadOutput.Of(llama, "{\"type\": \"function\", \"name\": \"now\", \"parameters\": {}}").Calls, Has.Count.EqualTo(1));
        Assert.That(ReadOutput.Of(llama, "Here: {\"name\": \"now\", \"parameters\": {}}").Calls, Is.Empty);
    }

    [Test]
    public void Behind_the_python_tag_stands_a_call_or_code()
    {
        OutputSyntax llama = new(new LlamaFormat(), null);
        ToolCall call = ReadOutput.Of(llama, "<|python_tag|>brave_search.call(query=\"who?\")").Calls.Single();
        Assert.That((call.Name, call.ArgumentsText), Is.EqualTo(("brave_search", "{\"query\":\"who?\"}")));

        ToolCall code = ReadOutput.Of(llama, "<|python_tag|>import os\nprint(1)").Calls.Single();
        Assert.That((code.Name, code.Arguments!["code"]!.ToString()), Is.EqualTo(("python", "import os\nprint(1)")));
    }

    [Test]
    public void Python_strings_that_the_template_did_not_escape_are_understood()
    {
        ToolCall call = ReadOutput.Of(new OutputSyntax(new Lfm2Format(), null), "<|tool_call_start|>[get_weather(city='Land's End', days=-1, share=1.5e3)]<|tool_call_end|>ok").Calls.Single();
        Assert.That(call.ArgumentsText, Is.EqualTo("{\"city\":\"Land's End\",\"days\":-1,\"share\":1500}"));
    }

    [Test]
    public void Values_become_what_the_schema_of_the_tool_says()
    {
        string output = "<tool_call>\n<function=get_weather>\n<parameter=city>\n7\n</parameter>\n<parameter=days>\n7\n</parameter>\n<parameter=exact>\nFalse\n</parameter>\n"
            + "<parameter=share>\nnull\n</parameter>\n<parameter=where>\n{'lat': 1.5}\n</parameter>\n<parameter=other>\n7\n</parameter>\n</function>\n</tool_call>";
        ToolCall call = ReadOutput.Of(new OutputSyntax(new QwenCoderFormat(), null), output).Calls.Single();
        Assert.That(call.ArgumentsText, Is.EqualTo("{\"city\":\"7\",\"days\":7,\"exact\":false,\"share\":null,\"where\":{\"lat\":1.5},\"other\":\"7\"}"));
    }

    [Test]
    public void Harmony_tells_reasoning_preamble_call_and_answer_apart()
    {
        ReadOutput read = ReadOutput.Of(
            new OutputSyntax(new HarmonyFormat(), null),
            "<|channel|>analysis<|message|>Hm.\n<|end|><|start|>assistant<|channel|>commentary<|message|>I look.<|end|><|start|>assistant<|channel|>commentary to=functions.now "
            + "<|constrain|>json<|message|>{}<|call|><|start|>assistant<|channel|>final<|message|> Noon.<|return|>");
        Assert.That(read.Trace, Is.EqualTo("\nreasoning: Hm.\n\ntext: I look.\ncall: now {}  False\ntext:  Noon."));
    }

    [Test]
    public void Harmony_passes_on_an_answer_as_it_comes()
    {
        ModelOutputReader reader = new(new OutputSyntax(new HarmonyFormat(), null), Tools.Catalog, startsInReasoning: false);
        Assert.That(reader.Read("<|channel|>final<|message|>No"), Is.EqualTo(new[] { new TextPart("No") }));
        Assert.That(reader.Read("on <|e"), Is.EqualTo(new[] { new TextPart("on ") }));
        Assert.That(reader.Read("x"), Is.EqualTo(new[] { new TextPart("<|ex") }));
    }

    [Test]
    public void Command_leaves_out_the_markers_around_reasoning_and_answer()
    {
        ReadOutput read = ReadOutput.Of(
            new OutputSyntax(new CommandFormat(), null),
            "<|START_THINKING|>I call.<|END_THINKING|><|START_ACTION|>[\n    {\"tool_call_id\": \"0\", \"tool_name\": \"now\", \"parameters\": {}}\n]<|END_ACTION|>");
        Assert.That(read.Trace, Is.EqualTo("\nreasoning: I call.\ncall: now {}  False"));
        Assert.That(read.Calls[0].Id, Is.Not.EqualTo("0"));
        Assert.That(ReadOutput.Of(new OutputSyntax(new CommandFormat(), null), "<|START_RESPONSE|>Noon.<|END_RESPONSE|>").Trace, Is.EqualTo("\ntext: Noon."));
    }

    [Test]
    public void Where_no_tools_are_offered_a_call_is_text()
    {
        const string Output = "<tool_call>{\"name\": \"now\"}</tool_call>";
        Assert.That(ReadOutput.Of(Hermes.WithoutCalls(), Output).Text, Is.EqualTo(Output));
        OutputSyntax harmony = new(new HarmonyFormat(), null);
        Assert.That(harmony.WithoutCalls(), Is.SameAs(harmony));
    }

    [Test]
    public void Half_a_character_and_endless_depth_are_no_reason_to_throw()
    {
        string deep = string.Concat(Enumerable.Repeat("[", 200)) + string.Concat(Enumerable.Repeat("]", 200));
        string[] outputs =
        [
            "<tool_call>{\"name\": \"now\", \"arguments\": {\"a\": \"\ud83d\"}}</tool_call>", $"<tool_call>{{\"name\": \"now\", \"arguments\": {{\"a\": {deep}}}}}</tool_call>",
            "<|tool_call_start|>[now(a='\\ud83d')]<|tool_call_end|>", $"<|tool_call_start|>[now(a={deep})]<|tool_call_end|>",
            "<start_function_call>call:now{a:<escape>\ud83d<escape>}<end_function_call>", $"<start_function_call>call:now{{a:{deep}}}<end_function_call>",
            "<function=now><parameter=a>\ud83d</parameter></function>", $"<function=get_weather><parameter=tags>{deep}</parameter></function>",
        ];
        foreach (Dialect dialect in Dialect.All.DistinctBy(dialect => dialect.Format.Name))
        {
            foreach (string output in outputs.Where(output => dialect.Format.Openers.Any(output.StartsWith)))
                Assert.That(ReadOutput.Of(dialect.Syntax, output).Calls, Has.Count.LessThanOrEqualTo(1), output);
        }
    }

    [Test]
    public void Who_counts_the_tokens_of_reasoning_can_ask_for_it()
    {
        ModelOutputReader think = new(Hermes, Tools.Catalog, startsInReasoning: false);
        Assert.That(Ask(think, "<think>", "Hm.", "</think>", "Yes."), Is.EqualTo(new[] { true, true, false, false }));

        ModelOutputReader harmony = new(new OutputSyntax(new HarmonyFormat(), null), Tools.Catalog, startsInReasoning: false);
        Assert.That(Ask(harmony, "<|channel|>analysis<|message|>", "Hm.", "<|end|>", "<|channel|>final<|message|>"), Is.EqualTo(new[] { true, true, false, false }));

        static IEnumerable<bool> Ask(ModelOutputReader reader, params string[] pieces) => [.. pieces.Select(piece =>
        {
            reader.Read(piece);
            return reader.IsInReasoning;
        })];
    }

    [Test]
    public void An_output_that_has_ended_takes_no_more()
    {
        ModelOutputReader reader = new(OutputSyntax.Plain, ToolCatalog.Empty, startsInReasoning: false);
        Assert.That(reader.Read("a "), Is.EqualTo(new[] { new TextPart("a ") }));
        Assert.That(reader.End(), Is.Empty);
        Assert.That(reader.End(), Is.Empty);
        Assert.That(() => reader.Read("b"), Throws.InvalidOperationException);
    }
}
