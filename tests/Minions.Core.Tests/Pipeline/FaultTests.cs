using Minions.Core.Generation;
using Minions.Core.Pipeline;
using Minions.Core.Speculation;
using Minions.Core.Voting;

namespace Minions.Core.Tests.Pipeline;

/// <summary>Whatever goes wrong concerns the request it goes wrong for, and nobody else.</summary>
public class FaultTests
{
    private static readonly int[] Prompt = [1, 2, 3];
    private static readonly GenerationOptions Options = new() { MaxOutputTokens = 30 };

    [Test]
    public async Task A_draft_that_throws_is_left_out_and_counted()
    {
        var target = new TabularTarget(Tables.Scrambled);
        var broken = new TabularDraft("broken", _ => throw new InvalidOperationException("out of ideas"));
        await using var pipeline = Open(target, [broken, new TabularDraft("sound", Tables.Scrambled)]);
        GenerationResult result = await pipeline.GenerateAsync(Prompt, Options);

        Assert.That(result.TokenIds, Is.EqualTo(target.Decode(Prompt, 30)));
        Assert.That(result.Statistics.Drafts[0].Faults, Is.InRange(2, 6), "it is tried again, ever more rarely");
        Assert.That(result.Statistics.Drafts[1].Faults, Is.Zero);
        Assert.That(broken.OpenSequences, Is.Zero);
    }

    [Test]
    public async Task A_draft_that_recovers_comes_back()
    {
        int calls = 0;
        var target = new TabularTarget(Tables.Scrambled);
        var shaky = new TabularDraft("shaky", prefix => ++calls == 1 ? throw new InvalidOperationException() : Tables.Scrambled(prefix));
        await using var pipeline = Open(target, [shaky]);
        GenerationResult result = await pipeline.GenerateAsync(Prompt, Options);

        Assert.That(result.TokenIds, Is.EqualTo(target.Decode(Prompt, 30)));
        Assert.That(result.Statistics.Drafts[0].Faults, Is.EqualTo(1));
        Assert.That(result.Statistics.AcceptedTokens, Is.GreaterThan(15));
    }

    [TestCase(-1)]
    [TestCase(Tables.Vocabulary)]
    public async Task Ids_that_the_target_does_not_know_are_not_checked(int strange)
    {
        var target = new TabularTarget(Tables.Scrambled);
        await using var pipeline = Open(target, [new TabularDraft("padded", _ => strange)]);
        GenerationResult result = await pipeline.GenerateAsync(Prompt, Options);

        Assert.That(result.TokenIds, Is.EqualTo(target.Decode(Prompt, 30)));
        Assert.That(result.Statistics.DraftTokens, Is.Zero);
    }

    [Test]
    public async Task A_failing_target_ends_its_request_and_the_next_one_runs()
    {
        bool fails = true;
        var target = new TabularTarget(Tables.Scrambled) { BeforeVerify = _ => { if (fails) throw new ModelRunException("no memory"); } };
        await using var pipeline = Open(target, []);

        Assert.That(async () => await pipeline.GenerateAsync(Prompt, Options), Throws.TypeOf<ModelRunException>().With.Message.EqualTo("no memory"));
        fails = false;
        Assert.That((await pipeline.GenerateAsync(Prompt, Options)).TokenIds, Is.EqualTo(target.Decode(Prompt, 30)));
        Assert.That(target.OpenSequences, Is.Zero);
    }

    [TestCase(-1, "answered a chain of -1")]
    [TestCase(99, "answered a chain of 99")]
    [TestCase(1, "no draft proposed")]
    public async Task A_policy_that_cheats_is_refused_by_name(int answer, string message)
    {
        var target = new TabularTarget(Tables.Scrambled);
        await using var pipeline = new SpeculativePipeline(new PipelineComponents
        {
            Target = target,
            Drafts = [new TabularDraft("sound", Tables.Scrambled)],
            VotingPolicy = new CheatingPolicy(answer),
        });

        Assert.That(
            async () => await pipeline.GenerateAsync(Prompt, Options),
            Throws.InvalidOperationException.With.Message.Contains(nameof(CheatingPolicy)).And.Message.Contains(message));
        Assert.That(
            (await pipeline.GenerateAsync(Prompt, Options with { Speculate = false })).TokenIds,
            Is.EqualTo(target.Decode(Prompt, 30)));
    }

    [Test]
    public async Task A_verifier_that_makes_no_choice_is_named()
    {
        await using var pipeline = new SpeculativePipeline(new PipelineComponents { Target = new TabularTarget(Tables.Scrambled) { IsSilent = true } });
        Assert.That(
            async () => await pipeline.GenerateAsync(Prompt, Options),
            Throws.TypeOf<ModelRunException>().With.Message.Contains(nameof(TabularTarget)));
    }

    private static SpeculativePipeline Open(TabularTarget target, IReadOnlyList<IDraftModel> drafts) => new(new PipelineComponents
    {
        Target = target,
        Drafts = drafts,
        LengthController = new FixedSpeculationLength(3),
    });

    private sealed class CheatingPolicy(int answer) : IVotingPolicy
    {
        public int Vote(in Ballot ballot, Span<int> chain)
        {
            if (!chain.IsEmpty)
                chain[0] = (ballot.Proposals[0].Tokens[0] + 1) % Tables.Vocabulary;
            return answer;
        }
    }
}
