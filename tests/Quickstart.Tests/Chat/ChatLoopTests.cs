using Microsoft.Extensions.AI;
using Minions.Extensions.AI;
using Quickstart.Chat;
using Quickstart.Tests.Doubles;

namespace Quickstart.Tests.Chat;

public sealed class ChatLoopTests
{
    [Test]
    public async Task Each_question_comes_with_the_turns_before_it()
    {
        using ScriptedClient client = new ScriptedClient().Says("one").Says("two");

        string shown = await new ChatTranscript(client).TypeAsync("first", "", "  ", "second");

        Assert.That(client.Requests, Is.EqualTo(new[] { "user: first", "user: first | assistant: one | user: second" }));
        Assert.That(shown, Does.Contain("> first\none\n").And.Contain("> second\ntwo\n"));
    }

    [Test]
    public async Task A_fault_leaves_the_conversation_as_it_was_and_can_be_retried()
    {
        using ScriptedClient client = new ScriptedClient().Says("one")
            .Says("half", new ScriptedStep(new TextContent("")) { Before = () => throw new InvalidOperationException("the model broke") })
            .Says("two").Says("three");

        string shown = await new ChatTranscript(client).TypeAsync("first", "second", "/retry", "third");

        Assert.That(shown, Does.Contain("half\nerror: the model broke\n").And.Contain("as it was before"));
        Assert.That(client.Requests[1..], Is.EqualTo(new[]
        {
            "user: first | assistant: one | user: second",
            "user: first | assistant: one | user: second",
            "user: first | assistant: one | user: second | assistant: two | user: third",
        }));
    }

    [Test]
    public async Task Ctrl_C_stops_the_answer_alone_and_nothing_of_it_is_kept()
    {
        ChatTranscript transcript = null!;
        using ScriptedClient client = new ScriptedClient().Says("half", new ScriptedStep(new TextContent("never")) { Before = () => transcript!.Interruption.Interrupt() }).Says("two");
        transcript = new ChatTranscript(client);

        string shown = await transcript.TypeAsync("first", "second");

        Assert.That(shown, Does.Contain("half\nStopped.").And.Not.Contain("never").And.Contain("two"));
        Assert.That(client.Requests[1], Is.EqualTo("user: second"));
    }

    [Test]
    public void Ctrl_C_while_nothing_is_answered_leaves_though_nobody_types()
    {
        using ScriptedClient client = new();
        var transcript = new ChatTranscript(client);
        using var keyboard = new SilentKeyboard(() => transcript.Interruption.Interrupt());

        Assert.That(() => transcript.ReadAsync(keyboard), Throws.InstanceOf<OperationCanceledException>());
    }

    [Test]
    public void A_second_Ctrl_C_on_the_same_answer_leaves()
    {
        ChatTranscript transcript = null!;
        using ScriptedClient client = new ScriptedClient().Says(new ScriptedStep(new TextContent("never"))
        {
            Before = () => _ = transcript.Interruption.Interrupt() && transcript.Interruption.Interrupt(),
        });
        transcript = new ChatTranscript(client);

        Assert.That(() => transcript.TypeAsync("first", "second"), Throws.InstanceOf<OperationCanceledException>());
    }

    [TestCase("/exit")]
    [TestCase("/quit")]
    [TestCase("/EXIT")]
    public async Task Leaving_reads_no_further(string command)
    {
        using ScriptedClient client = new();

        string shown = await new ChatTranscript(client).TypeAsync(command, "never asked");

        Assert.That(shown, Does.Not.Contain("never"));
    }

    [TestCase("/clear")]
    [TestCase("/new")]
    public async Task A_new_conversation_knows_nothing_of_the_old_one_but_its_settings(string command)
    {
        using ScriptedClient client = new ScriptedClient().Says("one").Says("two");

        await new ChatTranscript(client).TypeAsync("/seed 7", "first", command, "/retry", "second");

        Assert.That(client.Requests, Is.EqualTo(new[] { "user: first", "user: second" }));
        Assert.That(client.Options[1].Seed, Is.EqualTo(7));
    }

    [Test]
    public async Task Undo_and_retry_change_the_last_turn_alone()
    {
        using ScriptedClient client = new ScriptedClient().Says("one").Says("two").Says("deux").Says("three");

        string shown = await new ChatTranscript(client).TypeAsync("/undo", "first", "second", "/retry", "/undo", "third");

        Assert.That(shown, Does.Contain("no turn to forget").And.Contain("Turns left: 1"));
        Assert.That(client.Requests[1..], Is.EqualTo(new[]
        {
            "user: first | assistant: one | user: second",
            "user: first | assistant: one | user: second",
            "user: first | assistant: one | user: third",
        }));
    }

    [Test]
    public async Task Lines_that_end_with_a_backslash_go_on_and_two_slashes_are_no_command()
    {
        using ScriptedClient client = new ScriptedClient().Says("x").Says("y").Says("z");

        await new ChatTranscript(client).TypeAsync(@"a\", @"b\", "c", "//help", @"the input ends here\");

        Assert.That(client.Requests.Select(request => request.Split(" | ")[^1]), Is.EqualTo(new[] { "user: a\nb\nc", "user: /help", "user: the input ends here\n" }));
    }

    [Test]
    public async Task An_answer_of_nothing_is_a_turn_too()
    {
        using ScriptedClient client = new ScriptedClient().Says().Says("two");

        await new ChatTranscript(client).TypeAsync("first", "second");

        Assert.That(client.Requests[1], Is.EqualTo("user: first | assistant:  | user: second"));
    }

    [Test]
    public async Task Settings_reach_the_client()
    {
        using ScriptedClient client = new ScriptedClient().Says("x");
        var settings = new ChatSettings { MaxTokens = 16, Length = 3, StopSequences = ["\n\nUser:"] };

        await new ChatTranscript(client) { Settings = settings }.TypeAsync("/system Be  brief.", "/temperature 0.5", "/seed 3", "/max-tokens 9", "/reasoning low", "/plain on", "Hi");

        ChatOptions options = client.Options.Single();
        Assert.That((options.Instructions, options.Temperature, options.Seed, options.MaxOutputTokens, options.Reasoning?.Effort), Is.EqualTo(("Be  brief.", 0.5f, 3L, 9, ReasoningEffort.Low)));
        Assert.That(options.StopSequences, Is.EqualTo(settings.StopSequences));
        Assert.That(options.AdditionalProperties, Is.EquivalentTo(new Dictionary<string, object?> { [MinionsChatProperties.Speculate] = false, [MinionsChatProperties.SpeculationLength] = 3 }));
    }

    /// <summary>A terminal at which nobody types. Whoever waits for a line is told of, and waits to the end of the test.</summary>
    private sealed class SilentKeyboard(Action whenAsked) : TextReader
    {
        private readonly ManualResetEventSlim _end = new();

        public override string? ReadLine()
        {
            whenAsked();
            _end.Wait();
            return null;
        }

        protected override void Dispose(bool disposing)
        {
            _end.Set();
            base.Dispose(disposing);
        }
    }
}
