using CsCheck;
using Minions.Core.Generation;
using Minions.Core.Pipeline;
using Minions.Core.Speculation;

namespace Minions.Core.Tests.Pipeline;

/// <summary>What no draft, vote or length may change.</summary>
public class SpeculationLawTests
{
    private static readonly Gen<(int Seed, int[] Prompt, int Length, int Drafts, int Percent, int MaxNew)> Cases = Gen.Select(
        Gen.Int[0, 1000],
        Gen.Int[0, Tables.Vocabulary - 1].Array[1, 12],
        Gen.Int[0, 16],
        Gen.Int[0, 5],
        Gen.Int[0, 100],
        Gen.Int[1, 60]);

    [Test]
    public void Text_is_the_targets_own_whatever_drafts_and_length_do() => Cases.Sample(
        c =>
        {
            var target = new TabularTarget(Tables.Scrambled);
            var drafts = Enumerable.Range(0, c.Drafts).Select(i => new TabularDraft($"d{i}", Tables.MostlyRight(c.Percent, c.Seed + i))).ToList();
            GenerationResult result = Run(target, drafts, c.Length, c.Prompt, new GenerationOptions { MaxOutputTokens = c.MaxNew });

            Assert.That(result.TokenIds, Is.EqualTo(target.Decode(c.Prompt, c.MaxNew)));
            Assert.That(result.FinishReason, Is.EqualTo(FinishReason.Length));
            Assert.That(target.OpenSequences, Is.Zero);
            Assert.That(drafts.Sum(draft => draft.OpenSequences), Is.Zero);
        },
        iter: 1000);

    [Test]
    public void Counters_add_up() => Cases.Sample(
        c =>
        {
            var target = new TabularTarget(Tables.Scrambled);
            var drafts = Enumerable.Range(0, c.Drafts).Select(i => new TabularDraft($"d{i}", Tables.MostlyRight(c.Percent, c.Seed + i))).ToList();
            GenerationResult result = Run(target, drafts, c.Length, c.Prompt, new GenerationOptions { MaxOutputTokens = c.MaxNew });
            var counters = result.Statistics;

            Assert.That(counters.CommittedTokens, Is.EqualTo(result.Usage.CompletionTokens - 1), "all but the first come from rounds");
            Assert.That(counters.CommittedTokens, Is.EqualTo(counters.Rounds + counters.AcceptedTokens + counters.NgramTokens), "each round commits what was accepted, or guessed, and one of the target's own");
            Assert.That(counters.AcceptedPerPosition.Sum(), Is.EqualTo(counters.AcceptedTokens));
            Assert.That(counters.AcceptedTokens, Is.LessThanOrEqualTo(counters.DraftTokens));
            Assert.That(target.Verifications, Is.EqualTo(counters.Rounds + 1), "the prefill is no round");
        },
        iter: 300);

    [Test]
    public void Text_and_counters_hold_under_every_length_rule([Values] SpeculationLengthRule rule) => Cases.Sample(
        c =>
        {
            var target = new TabularTarget(Tables.Scrambled);
            var drafts = Enumerable.Range(0, c.Drafts).Select(i => new TabularDraft($"d{i}", Tables.MostlyRight(c.Percent, c.Seed + i))).ToList();
            ISpeculationLengthController controller = rule switch
            {
                SpeculationLengthRule.Goodput => new GoodputSpeculationLength(),
                SpeculationLengthRule.Trend => new TrendSpeculationLength(),
                _ => new FixedSpeculationLength(c.Length),
            };
            GenerationResult result = Run(target, drafts, controller, c.Prompt, new GenerationOptions { MaxOutputTokens = c.MaxNew });
            var counters = result.Statistics;

            Assert.That(result.TokenIds, Is.EqualTo(target.Decode(c.Prompt, c.MaxNew)));
            Assert.That(counters.CommittedTokens, Is.EqualTo(counters.Rounds + counters.AcceptedTokens + counters.NgramTokens));
            Assert.That(counters.Lengths.RoundsPerLength.Sum(), Is.EqualTo(counters.Rounds));
            Assert.That(target.Verifications, Is.EqualTo(counters.Rounds + 1));
        },
        iter: 300);

    [Test]
    public void A_perfect_draft_is_accepted_to_the_last_id()
    {
        var target = new TabularTarget(Tables.Scrambled);
        GenerationResult result = Run(target, [new TabularDraft("perfect", Tables.Scrambled)], 4, [1, 2, 3], new GenerationOptions { MaxOutputTokens = 41 });

        Assert.That(result.Statistics.AcceptanceRate, Is.EqualTo(1));
        Assert.That(result.Statistics.TokensPerRound, Is.EqualTo(5), "40 ids after the first, in rounds of 4 and a bonus");
        Assert.That(result.Statistics.CorrectionTokens, Is.Zero);
    }

    [Test]
    public void A_full_context_ends_the_text_with_Length([Values(0, 1, 3, 8)] int length, [Range(2, 6)] int contextLength)
    {
        var target = new TabularTarget(Tables.Scrambled, contextLength: contextLength);
        GenerationResult result = Run(target, [new TabularDraft("perfect", Tables.Scrambled)], length, [1], new GenerationOptions { MaxOutputTokens = 100 });

        Assert.That(result.TokenIds, Is.EqualTo(target.Decode([1], contextLength - 1)));
        Assert.That(result.FinishReason, Is.EqualTo(FinishReason.Length));
    }

    [Test]
    public void One_new_token_needs_one_target_run_and_no_draft()
    {
        var target = new TabularTarget(Tables.Scrambled);
        var draft = new TabularDraft("idle", Tables.Scrambled);
        GenerationResult result = Run(target, [draft], 4, [1, 2], new GenerationOptions { MaxOutputTokens = 1 });

        Assert.That(result.TokenIds, Is.EqualTo(target.Decode([1, 2], 1)));
        Assert.That((target.Verifications, draft.Proposals), Is.EqualTo((1, 0)));
    }

    [Test]
    public void Speculation_off_runs_no_draft()
    {
        var target = new TabularTarget(Tables.Scrambled);
        var draft = new TabularDraft("idle", Tables.Scrambled);
        GenerationResult result = Run(target, [draft], 4, [1, 2], new GenerationOptions { MaxOutputTokens = 20, Speculate = false });

        Assert.That(result.TokenIds, Is.EqualTo(target.Decode([1, 2], 20)));
        Assert.That(draft.Proposals, Is.Zero);
        Assert.That(result.Statistics.TokensPerRound, Is.EqualTo(1));
    }

    [Test]
    public void A_draft_with_a_shorter_context_leaves_the_vote_and_fails_nobody()
    {
        var target = new TabularTarget(Tables.Scrambled);
        var brief = new TabularDraft("brief", Tables.Scrambled, contextLength: 10);
        GenerationResult result = Run(target, [brief], 4, [1, 2, 3], new GenerationOptions { MaxOutputTokens = 30 });

        Assert.That(result.TokenIds, Is.EqualTo(target.Decode([1, 2, 3], 30)));
        Assert.That(result.Statistics.Drafts[0].Faults, Is.Zero);
        Assert.That(result.Statistics.Drafts[0].ProposedTokens, Is.InRange(1, 7));
    }

    private static GenerationResult Run(TabularTarget target, IReadOnlyList<IDraftModel> drafts, int length, int[] prompt, GenerationOptions options) =>
        Run(target, drafts, new FixedSpeculationLength(length), prompt, options);

    private static GenerationResult Run(
        TabularTarget target, IReadOnlyList<IDraftModel> drafts, ISpeculationLengthController controller, int[] prompt, GenerationOptions options)
    {
        using var stepped = new SteppedEngine(new PipelineComponents
        {
            Target = target,
            Drafts = drafts,
            LengthController = controller,
            LeaveOpen = true,
        });
        return stepped.Run(prompt, options);
    }
}
