using Minions.Core.Generation;
using Minions.Core.Pipeline;
using Minions.Core.Sampling;
using Minions.Core.Speculation;
using Minions.Core.Tests.Pipeline;
using Minions.Core.Tests.Voting;
using Minions.Core.Voting;

namespace Minions.Core.Tests.Sampling;

/// <summary>
/// Texts drawn with speculation have the target's own distribution: the joint one of three ids behind the first, by chi-square at level
/// 0.0001 over fixed seeds.
/// </summary>
public class DistributionTests
{
    private const int Vocabulary = 4;
    private const int NewTokens = 4;
    private const int Requests = 6000;

    private static readonly int[] Prompt = [2, 1];

    private static readonly Func<ReadOnlySpan<int>, float[]> TargetTable = LogitTables.Random(Vocabulary, 1, 1.2f);
    private static readonly Func<ReadOnlySpan<int>, float[]> DraftTable = LogitTables.Near(TargetTable, Vocabulary, 2, 1);

    private static readonly (string Name, SamplingOptions Options)[] Samplings =
    [
        ("plain", new SamplingOptions { Temperature = 0.8 }),
        ("top-k", new SamplingOptions { Temperature = 1, TopK = 3 }),
        ("top-p", new SamplingOptions { Temperature = 1.2, TopP = 0.8 }),
        ("min-p", new SamplingOptions { Temperature = 0.7, MinP = 0.2 }),
        ("penalties", new SamplingOptions { Temperature = 1, RepetitionPenalty = 1.3, PresencePenalty = 0.4, FrequencyPenalty = 0.3 }),
        ("everything", new SamplingOptions { Temperature = 0.9, TopK = 3, TopP = 0.95, MinP = 0.05, RepetitionPenalty = 1.2, FrequencyPenalty = 0.2, LogitBias = new Dictionary<int, float> { [1] = 0.5f } }),
    ];

    private static IEnumerable<TestCaseData> Cases() =>
        from sampling in Samplings
        from policy in VotingPolicies.All
        select new TestCaseData(sampling.Options, policy).SetName($"{{m}}({sampling.Name}, {policy.GetType().Name})");

    [TestCaseSource(nameof(Cases))]
    public void Three_ids_have_the_targets_joint_distribution(SamplingOptions options, IVotingPolicy policy)
    {
        IDraftModel[] drafts =
        [
            new LogitsDraft("shared", DraftTable),
            new LogitsDraft("unshared", DraftTable, _ => TokenSelector.Create(options with { Seed = 99 }, Prompt.Length)),
            new LogitsDraft("biased", LogitTables.Opposite(TargetTable)),
        ];
        int[] counts = Draw(new LogitsTarget(TargetTable, Vocabulary), drafts, policy, options, out long accepted);

        bool fits = ChiSquare.Fits(counts, Exact(options), out string report);
        Assert.That(fits, Is.True, report);
        Assert.That(accepted, Is.GreaterThan(Requests / 4), "speculation took part");
    }

    [Test]
    public void A_verifier_that_accepts_by_a_drafts_own_probability_is_caught()
    {
        // Three drafts that know the same and draw by themselves: a vote of equals prefers what they hold likely, more than each of them does.
        // Weights that make one of them dictator would hide that.
        var options = new SamplingOptions { Temperature = 1 };
        var byCount = new WeightedMajorityVote { UseConfidence = false };
        var random = new Random(5);
        IDraftModel[] drafts = [.. Enumerable.Range(0, 3).Select(i => new LogitsDraft($"d{i}", DraftTable, _ => TokenSelector.Create(options with { Seed = (ulong)random.NextInt64() }, 0)))];
        int[] wrong = Draw(new RatioTarget(TargetTable, DraftTable), drafts, byCount, options, out _, DraftWeighting.RewardPenalty);
        int[] alone = Draw(new RatioTarget(TargetTable, DraftTable), drafts[..1], byCount, options, out _, DraftWeighting.RewardPenalty);
        int[] right = Draw(new LogitsTarget(TargetTable, Vocabulary), drafts, byCount, options, out _, DraftWeighting.RewardPenalty);

        Assert.That(ChiSquare.Fits(wrong, Exact(options), out string report), Is.False, report);
        Assert.That(ChiSquare.Fits(alone, Exact(options), out report), Is.True, $"the rule is right for a single draft: {report}");
        Assert.That(ChiSquare.Fits(right, Exact(options), out report), Is.True, report);
    }

    private static int[] Draw(ITargetVerifier target, IReadOnlyList<IDraftModel> drafts, IVotingPolicy policy, SamplingOptions options, out long accepted, DraftWeighting weights = DraftWeighting.FullInformation)
    {
        using var engine = new SteppedEngine(new PipelineComponents
        {
            Target = target,
            Drafts = drafts,
            VotingPolicy = policy,
            LengthController = new FixedSpeculationLength(3),
            LeaveOpen = true,
        }, new PipelineOptions { Speculation = { DraftSelection = DraftSelection.All, Weighting = weights } });
        int[] counts = new int[Vocabulary * Vocabulary * Vocabulary];
        accepted = 0;
        for (int seed = 0; seed < Requests; seed++)
        {
            GenerationResult result = engine.Run(Prompt, new GenerationOptions { MaxOutputTokens = NewTokens, Sampling = options with { Seed = (ulong)seed } });
            counts[Cell([.. result.TokenIds])]++;
            accepted += result.Statistics.AcceptedTokens;
        }

        return counts;
    }

    private static double[] Exact(SamplingOptions options)
    {
        double[] probabilities = new double[Vocabulary * Vocabulary * Vocabulary];
        Add([], 1);
        return probabilities;

        void Add(int[] output, double probability)
        {
            if (output.Length == NewTokens)
            {
                probabilities[Cell(output)] += probability;
                return;
            }

            int[] prefix = [.. Prompt, .. output];
            double[] next = ReferenceDistribution.Of(options, Prompt.Length, prefix, TargetTable(prefix));
            for (int id = 0; id < Vocabulary; id++)
                Add([.. output, id], probability * next[id]);
        }
    }

    private static int Cell(int[] output) => (output[^3] * Vocabulary + output[^2]) * Vocabulary + output[^1];
}
