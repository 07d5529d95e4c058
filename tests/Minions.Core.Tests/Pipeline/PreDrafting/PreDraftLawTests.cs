using CsCheck;
using Minions.Core.Diagnostics;
using Minions.Core.Generation;
using Minions.Core.Pipeline;
using Minions.Core.Sampling;
using Minions.Core.Speculation;
using Minions.Core.Voting;

namespace Minions.Core.Tests.Pipeline.PreDrafting;

/// <summary>Pre-drafting saves time and changes nothing else: every ballot, chain and counter is that of a pipeline without it.</summary>
public class PreDraftLawTests
{
    private const int Vocabulary = 24;

    private static readonly Gen<(int Seed, int[] Prompt, float[] Errors, int MaxNew, double Temperature, int ShortContext, int LongestLength)> Cases = Gen.Select(
        Gen.Int[0, 1000],
        Gen.Int[0, Vocabulary - 1].Array[1, 12],
        Gen.Float[0, 3].Array[1, 4],
        Gen.Int[2, 80],
        Gen.Bool.Select(sampled => sampled ? 0.8 : 0),
        Gen.Int[2, 120],
        Gen.Int[1, 8]);

    [Test]
    public void Rounds_are_the_same_with_and_without_work_ahead()
    {
        int right = 0, wrong = 0;
        Cases.Sample(
            c =>
            {
                var random = new Random(c.Seed);
                (Journal plain, GenerationResult expected) = Run(c, draftsAhead: false, () => 0);
                (Journal journal, GenerationResult result) = Run(c, draftsAhead: true, () => random.Next(12));

                Assert.That(journal.Lines, Is.EqualTo(plain.Lines));
                Assert.That(result.TokenIds, Is.EqualTo(expected.TokenIds));
                Assert.That(Counters(result), Is.EqualTo(Counters(expected)));
                Assert.That(result.Statistics.Drafts, Is.EqualTo(expected.Statistics.Drafts).UsingPropertiesComparer());
                Assert.That((expected.Statistics.PreDraftedRounds, expected.Statistics.WastedPreDraftRounds), Is.EqualTo((0, 0)));
                Assert.That(result.Statistics.PreDraftedRounds + result.Statistics.WastedPreDraftRounds, Is.LessThan(Math.Max(1, result.Statistics.Rounds)));
                Interlocked.Add(ref right, result.Statistics.PreDraftedRounds);
                Interlocked.Add(ref wrong, result.Statistics.WastedPreDraftRounds);
            },
            iter: 600);
        Assert.That(right, Is.GreaterThan(100));
        Assert.That(wrong, Is.GreaterThan(100));
    }

    private static object Counters(GenerationResult result)
    {
        SpeculationStatistics all = result.Statistics;
        return (all.Rounds, all.DraftTokens, all.AcceptedTokens, all.CommittedTokens, all.CorrectionTokens, all.BonusTokens, all.PlainTokens);
    }

    private static (Journal Journal, GenerationResult Result) Run(
        (int Seed, int[] Prompt, float[] Errors, int MaxNew, double Temperature, int ShortContext, int LongestLength) c, bool draftsAhead, Func<int> stepsAhead)
    {
        Func<ReadOnlySpan<int>, float[]> truth = LogitTables.Random(Vocabulary, c.Seed, spread: 4);
        var journal = new Journal(c.Seed, c.LongestLength);
        using var engine = new SteppedEngine(
            new PipelineComponents
            {
                Target = new LogitsTarget(truth, Vocabulary),
                Drafts =
                [
                    .. c.Errors.Select((error, i) => new LogitsDraft($"d{i}", LogitTables.Near(truth, Vocabulary, c.Seed + i + 1, error))
                    {
                        // One of several stays out of it.
                        SupportsPreDrafting = i != 1,
                        ContextLength = i == 0 ? c.ShortContext : 1024,
                    }),
                ],
                LengthController = journal,
                VotingPolicy = journal,
            },
            new PipelineOptions { Speculation = { DraftSelection = DraftSelection.All }, PreDraft = draftsAhead });
        var options = new GenerationOptions { MaxOutputTokens = c.MaxNew, Sampling = new SamplingOptions { Temperature = c.Temperature, Seed = (ulong)c.Seed } };
        return (journal, engine.Run(c.Prompt, options, stepsAhead));
    }

    /// <summary>Plans by the place in the text alone, and writes everything down.</summary>
    private sealed class Journal(int seed, int longest) : ISpeculationLengthController, ISpeculationLengthPlanner, IVotingPolicy
    {
        private readonly IVotingPolicy _policy = new WeightedMajorityVote();

        public List<string> Lines { get; } = [];

        public ISpeculationLengthPlanner OpenRequest(SpeculationLimits limits) => this;

        public SpeculationPlan Plan(in RoundOutlook outlook)
        {
            var random = new Random(seed + outlook.ContextLength);
            int length = random.Next(6) == 0 ? 0 : random.Next(1, longest + 1);
            return new SpeculationPlan(length) { MinimumConfidence = random.Next(2) == 0 ? 0 : random.NextSingle() };
        }

        public int Shorten(in ChainOutlook chain) => chain.Length % 5 == 4 ? chain.Length - 1 : chain.Length;

        public void Observe(SpeculationRound round)
        {
            Lines.Add($"{round.ContextLength}: {round.Plan.Length} {round.Running.Bits} {round.ProposedLength} {round.DraftRequests} {round.DraftSteps}");
            Lines.Add($"{round.VotedLength} {round.VotedAgreed} {round.ChainLength} {round.Accepted} {round.Committed} {round.Rows} {round.Requests} {round.IsLast}");
            foreach (DraftRound draft in round.Drafts)
                Lines.Add($"{draft.Proposed} {draft.Agreed} {draft.Evaluated} {draft.NewTokens}");
        }

        public int Vote(in Ballot ballot, Span<int> chain)
        {
            for (int i = 0; i < ballot.Proposals.Length; i++)
                Lines.Add($"{ballot.Weights[i]:R}: {string.Join(' ', ballot.Proposals[i].Tokens.ToArray())} {string.Join(' ', ballot.Proposals[i].Probabilities.ToArray())}");
            return _policy.Vote(ballot, chain);
        }
    }
}
