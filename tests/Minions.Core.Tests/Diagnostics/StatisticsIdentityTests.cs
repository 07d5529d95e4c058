using CsCheck;
using Minions.Core.Diagnostics;
using Minions.Core.Generation;
using Minions.Core.Pipeline;
using Minions.Core.Speculation;
using Minions.Core.Tests.Pipeline;
using Minions.Core.Voting;

namespace Minions.Core.Tests.Diagnostics;

/// <summary>What the counters of any request have in common.</summary>
public class StatisticsIdentityTests
{
    private static readonly IVotingPolicy[] Policies =
        [new WeightedMajorityVote(), new AccumulatedPathVote(), new BestDraftVote(), new LongestAgreementVote()];

    private static readonly Gen<(int Seed, int Length, int[] Percents, int MaxNew, int? EndToken, IVotingPolicy Policy, DraftSelection Panel, DraftWeighting Weights)> Cases = Gen.Select(
        Gen.Int[0, 1000],
        Gen.Int[0, 8],
        Gen.Int[0, 100].Array[0, 4],
        Gen.Int[1, 60],
        Gen.Int[0, 2 * Tables.Vocabulary],
        Gen.Int[0, 3].Select(i => Policies[i]),
        Gen.Enum<DraftSelection>(),
        Gen.Enum<DraftWeighting>()).Select((seed, length, percents, maxNew, end, policy, panel, weights) =>
            (seed, length, percents, maxNew, end < Tables.Vocabulary ? end : (int?)null, policy, panel, weights));

    [Test]
    public void Counters_add_up() => Cases.Sample(
        c =>
        {
            GenerationResult result = Run(c.Seed, c.Length, c.Percents, c.MaxNew, c.EndToken, c.Policy, c.Panel, c.Weights);
            SpeculationStatistics all = result.Statistics;

            Assert.That(all.CommittedTokens, Is.EqualTo(result.Usage.CompletionTokens - 1), "the first id comes from the prefill");
            Assert.That(all.CommittedTokens, Is.EqualTo(all.AcceptedTokens + all.CorrectionTokens + all.BonusTokens + all.PlainTokens + all.NgramTokens));
            Assert.That(all.NgramTokens, Is.LessThanOrEqualTo(all.PlainTokens), "one id a round without a chain");
            Assert.That(all.Rounds - all.CorrectionTokens - all.BonusTokens - all.PlainTokens, Is.InRange(0, 1), "only the last round may add no id of the target's own");
            Assert.That(all.EvaluatedTokens, Is.EqualTo(all.AcceptedTokens + all.CorrectionTokens));
            Assert.That(all.EvaluatedTokens, Is.LessThanOrEqualTo(all.DraftTokens));
            Assert.That(all.AcceptedPerPosition.Sum(), Is.EqualTo(all.AcceptedTokens));
            Assert.That(all.AcceptedPerPosition, Is.Ordered.Descending, "no id is accepted behind a rejected one");
            Assert.That(all.AcceptanceRate, Is.InRange(0, 1));
            foreach (DraftStatistics draft in all.Drafts)
                CheckDraft(draft, all);

            int chains = all.Rounds - all.PlainTokens;
            Assert.That(all.Drafts.Sum(draft => draft.SelectedRounds), Is.GreaterThanOrEqualTo(chains), "each chain was somebody's");
        },
        iter: 1000);

    [Test]
    public void Counters_add_up_where_a_stop_sequence_began_rounds_ago() => Gen.Select(Cases, Gen.Int[1, 50], Gen.Int[1, 12]).Sample(
        (c, begin, count) =>
        {
            string text = Run(c.Seed, c.Length, c.Percents, 60, null, c.Policy, c.Panel, c.Weights).Text;
            string stop = text.Substring(Math.Min(begin, text.Length - 1), Math.Min(count, text.Length - Math.Min(begin, text.Length - 1)));
            GenerationResult result = Run(c.Seed, c.Length, c.Percents, 60, null, c.Policy, c.Panel, c.Weights, stop, stop[..^1] + "\n");
            SpeculationStatistics all = result.Statistics;

            Assert.That(result.FinishReason, Is.EqualTo(FinishReason.StopSequence));
            Assert.That(all.CommittedTokens, Is.EqualTo(result.Usage.CompletionTokens - 1), "the first id comes from the prefill");
            Assert.That(all.CommittedTokens, Is.EqualTo(all.AcceptedTokens + all.CorrectionTokens + all.BonusTokens + all.PlainTokens + all.NgramTokens));
            Assert.That(all.EvaluatedTokens, Is.LessThanOrEqualTo(all.DraftTokens));
            Assert.That(all.AcceptedPerPosition.Sum(), Is.EqualTo(all.AcceptedTokens));
            Assert.That(all.AcceptedPerPosition, Is.Ordered.Descending);
            Assert.That(all.Rounds, Is.GreaterThanOrEqualTo(all.CorrectionTokens + all.BonusTokens + all.PlainTokens));
        },
        iter: 500);

    private static void CheckDraft(DraftStatistics draft, SpeculationStatistics all)
    {
        Assert.That(draft.SelectedRounds, Is.LessThanOrEqualTo(draft.Rounds));
        Assert.That(draft.Rounds + draft.SkippedRounds + draft.Faults, Is.LessThanOrEqualTo(all.Rounds));
        Assert.That(draft.AgreedTokens, Is.LessThanOrEqualTo(draft.EvaluatedTokens));
        Assert.That(draft.EvaluatedTokens, Is.LessThanOrEqualTo(draft.ProposedTokens));
        Assert.That(draft.EvaluatedTokens - draft.AgreedTokens, Is.LessThanOrEqualTo(draft.Rounds), "a draft is wrong at most once a round");
        Assert.That(draft.AgreedTokens, Is.LessThanOrEqualTo(all.CommittedTokens));
        Assert.That(draft.AgreedContinuedTokens, Is.LessThanOrEqualTo(draft.ContinuedTokens));
        Assert.That(draft.ContinuedTokens, Is.LessThanOrEqualTo(all.DraftTokens));
        Assert.That(draft.AgreedContinuedTokens, Is.LessThanOrEqualTo(all.AcceptedTokens));
        Assert.That(draft.AgreementRate, Is.InRange(0, 1));
        Assert.That(draft.Weight, Is.Positive);
    }

    [Test]
    public void A_single_draft_agrees_with_exactly_what_is_accepted() => Gen.Select(Gen.Int[0, 1000].Select(seed => 2 * seed), Gen.Int[1, 8], Gen.Int[0, 100]).Sample(
        (seed, length, percent) =>
        {
            SpeculationStatistics all = Run(seed, length, [percent], 50, null, new WeightedMajorityVote(), DraftSelection.All, DraftWeighting.FullInformation).Statistics;
            Assert.That(all.Drafts[0].AgreedTokens, Is.EqualTo(all.AcceptedTokens));
            Assert.That(all.Drafts[0].EvaluatedTokens, Is.EqualTo(all.EvaluatedTokens));
            Assert.That(all.Drafts[0].SelectedRounds, Is.EqualTo(all.Drafts[0].Rounds));
        },
        iter: 200);

    // In half of the cases with drafts that are asked again behind the vote. One says little at first and knows more there; its guesses are right half of the time.
    private static IEnumerable<IDraftModel> GoingOn(int seed) => seed % 2 == 0
        ? []
        : [new TabularDraft("on", prefix => prefix.Length % 3 == 0 ? TabularDraft.Nothing : Tables.MostlyRight(50, seed)(prefix)) { IsFree = true, HeedsCancellation = true, ContinuesChains = true }];

    private static GenerationResult Run(
        int seed, int length, int[] percents, int maxNew, int? endToken, IVotingPolicy policy, DraftSelection panel, DraftWeighting weights, params string[] stops)
    {
        using var engine = new SteppedEngine(
            new PipelineComponents
            {
                Target = new TabularTarget(Tables.Scrambled),
                Drafts = [.. percents.Select((percent, i) => new TabularDraft($"d{i}", Tables.MostlyRight(percent, seed + i))), .. GoingOn(seed)],
                LengthController = new FixedSpeculationLength(length),
                VotingPolicy = policy,
                EndTokens = endToken is { } end ? [end] : [],
                Tokenizer = new LetterTokenizer(),
                LeaveOpen = true,
            },
            new PipelineOptions { Speculation = { DraftSelection = panel, Weighting = weights } });
        return engine.Run([seed % Tables.Vocabulary], new GenerationOptions { MaxOutputTokens = maxNew, StopSequences = stops });
    }
}
