using Minions.Extensions.AI.Reasoning;
using Minions.Extensions.AI.Tests.ToolCalls;
using Minions.Extensions.AI.ToolCalls;
using Minions.Extensions.AI.ToolCalls.Formats;

namespace Minions.Extensions.AI.Tests.Reasoning;

public class ReasoningTests
{
    private static readonly OutputSyntax Think = new(null, KnownReasoning.MentionedIn("... <think> ..."));

    [TestCase("<think>")]
    [TestCase("</think>")]
    [TestCase("<thinking>")]
    [TestCase("<seed:think>")]
    [TestCase("[THINK]")]
    [TestCase("<|START_THINKING|>")]
    [TestCase("<|channel>thought")]
    public void Markers_that_a_template_mentions_surround_reasoning(string mentioned)
    {
        ReasoningMarkers markers = KnownReasoning.MentionedIn($"a {mentioned} b")!;
        Assert.That(mentioned, Is.EqualTo(markers.Open).Or.EqualTo(markers.Close));
        ReadOutput read = ReadOutput.Of(new OutputSyntax(null, markers), $"{markers.Open}\nHm, <b>.\n{markers.Close}\n\nYes.");
        Assert.That(read.Trace, Is.EqualTo("\nreasoning: Hm, <b>.\ntext: Yes."));
    }

    [Test]
    public void A_template_without_any_has_none() => Assert.That(KnownReasoning.MentionedIn("{{ messages }}"), Is.Null);

    [TestCase("Hm.\n</think>\n\nYes.")]
    [TestCase("\nHm.</think>Yes.")]
    [TestCase("<think>\nHm.\n</think>\nYes.")]
    public void Behind_a_prompt_that_ends_inside_reasoning_the_output_goes_on_with_it(string output)
    {
        Assert.That(Think.Reasoning!.IsOpenAtEndOf("<|im_start|>assistant\n<think>\n"));
        Assert.That(Think.Reasoning!.IsOpenAtEndOf("<|im_start|>assistant\n<think>\n\n</think>\n\n"), Is.False);
        Assert.That(ReadOutput.Of(Think, output, startsInReasoning: true).Trace, Is.EqualTo("\nreasoning: Hm.\ntext: Yes."));
    }

    [Test]
    public void A_tag_inside_an_answer_is_a_word_of_it() =>
        Assert.That(ReadOutput.Of(Think, "The tag <think> starts it, </think> ends it.").Trace, Is.EqualTo("\ntext: The tag <think> starts it, </think> ends it."));

    [Test]
    public void Reasoning_that_is_empty_or_over_at_once_leaves_nothing()
    {
        Assert.That(ReadOutput.Of(Think, "<think>\n\n</think>\n\nYes.").Trace, Is.EqualTo("\ntext: Yes."));
        Assert.That(ReadOutput.Of(Think, "</think>\n\nYes.").Trace, Is.EqualTo("\ntext: Yes."));
    }

    [Test]
    public void Reasoning_that_does_not_end_stays_reasoning() =>
        Assert.That(ReadOutput.Of(Think, "<think>Hm, </thi").Trace, Is.EqualTo("\nreasoning: Hm, </thi"));

    [Test]
    public void A_call_inside_reasoning_counts_only_where_its_marker_is_a_special_token()
    {
        ReasoningMarkers markers = Think.Reasoning!;
        string hermes = "<think>I write <tool_call>{\"name\": \"now\"}</tool_call>.</think>";
        Assert.That(ReadOutput.Of(new OutputSyntax(new HermesFormat(), markers), hermes).Calls, Is.Empty);

        string kimi = "<think>I call.<|tool_call_begin|>functions.now:0<|tool_call_argument_begin|>{}<|tool_call_end|>";
        Assert.That(ReadOutput.Of(new OutputSyntax(new KimiFormat(), markers), kimi).Trace, Is.EqualTo("\nreasoning: I call.\ncall: now {}  False"));
    }

    [Test]
    public void Granite_marks_the_answer_as_well() =>
        Assert.That(
            ReadOutput.Of(new OutputSyntax(null, KnownReasoning.MentionedIn("<think></think> <response></response>")), "<think>Hm.</think>\n<response>Yes.</response>").Trace,
            Is.EqualTo("\nreasoning: Hm.\ntext: Yes."));
}
