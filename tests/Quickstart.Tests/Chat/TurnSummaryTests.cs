using Minions.Core;
using Minions.Extensions.AI;
using Minions.Extensions.AI.Templates;
using Quickstart.Chat;
using Quickstart.Tests.Doubles;

namespace Quickstart.Tests.Chat;

public sealed class TurnSummaryTests
{
    [Test]
    public async Task An_answer_is_followed_by_what_it_cost_and_by_the_limit_it_hit()
    {
        string shown = await ChatAsync(new ChatSettings { MaxTokens = 9 }, "abc");

        // "User: abc", an empty line, "Assistant:".
        Assert.That(shown, Does.Match(@"> abc\n[a-z]{9}\n\[9 tokens, [\d.]+ tokens/s, [\d.]+ a round; prompt 21 tokens, 0 from the cache\]\nThe answer ended at the limit of 9 tokens\. /max-tokens N "));
    }

    [Test]
    public async Task A_seed_that_was_drawn_can_be_read_and_used_again()
    {
        string shown = await ChatAsync(new ChatSettings { MaxTokens = 9, Temperature = 1, Seed = 7 }, "abc");

        Assert.That(shown, Does.Contain("from the cache; seed 7]"));
    }

    [Test]
    public async Task A_context_that_is_full_is_told_from_a_limit()
    {
        string shown = await ChatAsync(new ChatSettings { MaxTokens = 1000 }, "abc", "d");

        Assert.That(shown, Does.Contain("The context of 256 tokens is full. /undo forgets the last turn, /clear all of them.").And.Not.Contain("limit"));
        Assert.That(shown, Does.Match(@"error: The prompt has \d+ ids, but the target's context holds 256, the output included\. Shorten the prompt\.\n/undo forgets"));
    }

    private static async Task<string> ChatAsync(ChatSettings settings, params string[] lines)
    {
        await using SpeculativePipeline pipeline = AlphabetPipeline.Create(drafts: "a");
        using var client = new MinionsChatClient(pipeline, new MinionsChatClientOptions { Templates = ChatTemplateSet.Plain });
        return await new ChatTranscript(client) { Settings = settings }.TypeAsync(lines);
    }
}
