using Microsoft.Extensions.AI;
using Quickstart.Tests.Doubles;

namespace Quickstart.Tests.Chat;

public sealed class ChatViewTests
{
    private static readonly ScriptedStep[] Thinking =
    [
        new(new TextReasoningContent("hm"), "a"), new(new TextReasoningContent("m")), new(new TextContent("yes"), "a"), new(new TextContent(" and"), "b"), new(new TextContent(" no"), "a", "b"),
    ];

    [Test]
    public async Task Tokens_have_the_colours_of_their_sources_and_reasoning_is_faint()
    {
        using ScriptedClient client = new ScriptedClient().Says(Thinking);

        string shown = await new ChatTranscript(client) { Colors = true }.TypeAsync("?");

        string[] styles = [Style("hm"), Style("m"), Style("yes"), Style(" and"), Style(" no")];
        Assert.That(styles, Is.Unique, shown);
        Assert.That(styles[..2], Has.All.Match(@"\b2\b"), "faint");
        Assert.That(styles[2..], Has.None.Match(@"\[2\b"));

        string Style(string text)
        {
            int at = shown.IndexOf($"m{text}\u001b", StringComparison.Ordinal);
            Assert.That(at, Is.Positive, text);
            return shown[shown.LastIndexOf('\u001b', at)..at];
        }
    }

    [Test]
    public async Task Without_colours_there_is_text_alone_and_reasoning_is_told_by_name()
    {
        using ScriptedClient client = new ScriptedClient().Says(Thinking);

        string shown = await new ChatTranscript(client).TypeAsync("?");

        Assert.That(shown, Does.Contain("(reasoning)\nhmm\n(answer)\nyes and no\n").And.Not.Contain("\u001b"));
    }

    [Test]
    public async Task Neither_a_model_nor_a_fault_nor_a_line_can_steer_the_terminal()
    {
        using ScriptedClient client = new ScriptedClient().Says("\u001b[2J", new ScriptedStep(new TextContent("")) { Before = () => throw new InvalidOperationException("\u001b[3J") });

        string shown = await new ChatTranscript(client).TypeAsync("\u001b[4J", "/\u001b[5J");

        Assert.That(shown, Does.Not.Contain("\u001b").And.Contain("\uFFFD[2J").And.Contain("\uFFFD[3J").And.Contain("\uFFFD[4J").And.Contain("\uFFFD[5J"));
    }
}
