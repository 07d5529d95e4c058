using CsCheck;
using Minions.Core.Generation;
using Minions.Core.Pipeline;
using Minions.Core.Sampling;
using Minions.Core.Speculation;
using Minions.Core.Tests.Pipeline;
using Minions.Core.Tests.Voting;

namespace Minions.Core.Tests.Sampling;

/// <summary>The same seed gives the same text, whatever drafts, vote and length do and whatever processors are on.</summary>
public class SeededEqualityTests
{
    private const int Vocabulary = 24;

    private static readonly Gen<SamplingOptions> Options = Gen.Select(
        Gen.OneOf(Gen.Const(0.0), Gen.Double[0.1, 2]),
        Gen.OneOf(Gen.Const(0), Gen.Int[1, 12]),
        Gen.OneOf(Gen.Const(1.0), Gen.Double[0.2, 0.99]),
        Gen.OneOf(Gen.Const(0.0), Gen.Double[0.01, 0.3]),
        Gen.OneOf(Gen.Const(1.0), Gen.Double[0.5, 2]),
        Gen.OneOf(Gen.Const((0.0, 0.0)), Gen.Select(Gen.Double[-1, 1], Gen.Double[-0.5, 0.5])),
        Gen.Select(Gen.Bool, Gen.Bool, Gen.ULong)).Select((temperature, topK, topP, minP, repetition, penalties, rest) => new SamplingOptions
        {
            Temperature = temperature,
            TopK = topK,
            TopP = topP,
            MinP = minP,
            RepetitionPenalty = repetition,
            PresencePenalty = penalties.Item1,
            FrequencyPenalty = penalties.Item2,
            LogitBias = rest.Item1 ? new Dictionary<int, float> { [3] = 1.5f, [4] = float.NegativeInfinity } : SamplingOptions.Greedy.LogitBias,
            LogitsProcessors = rest.Item2 ? [new NeverTwiceInARow()] : [],
            Seed = rest.Item3,
        });

    private static readonly Gen<(int Table, int[] Prompt, int Length, DraftKind[] Drafts, int Policy, int MaxNew, SamplingOptions Options)> Cases = Gen.Select(
        Gen.Int[0, 1000],
        Gen.Int[0, Vocabulary - 1].Array[1, 8],
        Gen.Int[0, 16],
        Gen.Enum<DraftKind>().Array[1, 5],
        Gen.Int[0, VotingPolicies.All.Count - 1],
        Gen.Int[1, 40],
        Options);

    public enum DraftKind
    {
        Perfect,
        Near,
        Unshared,
        Random,
        Adversarial,
        Failing,
    }

    [Test]
    public void Text_is_that_of_plain_decoding() => Cases.Sample(
        c =>
        {
            Func<ReadOnlySpan<int>, float[]> table = LogitTables.Random(Vocabulary, c.Table, 3);
            var target = new LogitsTarget(table, Vocabulary);
            List<LogitsDraft> drafts = [.. c.Drafts.Select((kind, i) => Draft(kind, i, table, c.Options))];
            GenerationResult result = Run(target, drafts, c.Length, VotingPolicies.All[c.Policy], c.Prompt, c.MaxNew, c.Options);

            Assert.That(result.TokenIds, Is.EqualTo(target.Decode(c.Prompt, c.Options, c.MaxNew)));
            Assert.That(result.Seed, c.Options.Temperature == 0 ? Is.Null : Is.EqualTo(c.Options.Seed));
            Assert.That(target.OpenSequences + drafts.Sum(draft => draft.OpenSequences), Is.Zero);
        },
        iter: 4000);

    [Test]
    public void A_perfect_draft_with_the_shared_noise_is_accepted_to_the_last_id() => Gen.Select(Gen.Int[0, 1000], Options).Sample(
        (seed, options) =>
        {
            Func<ReadOnlySpan<int>, float[]> table = LogitTables.Random(Vocabulary, seed, 3);
            GenerationResult result = Run(
                new LogitsTarget(table, Vocabulary), [new LogitsDraft("perfect", table)], 4, VotingPolicies.All[0], [1, 2], 41, options);

            Assert.That(result.Statistics.AcceptanceRate, Is.EqualTo(1));
            Assert.That(result.Statistics.CorrectionTokens, Is.Zero);
        },
        iter: 200);

    [Test]
    public void A_drawn_seed_is_reported_and_gives_the_text_again()
    {
        var target = new LogitsTarget(LogitTables.Random(Vocabulary, 1, 1), Vocabulary);
        var options = new SamplingOptions { Temperature = 1 };
        GenerationResult first = Run(target, [], 0, VotingPolicies.All[0], [1], 30, options);
        GenerationResult second = Run(target, [], 0, VotingPolicies.All[0], [1], 30, options);
        GenerationResult again = Run(target, [], 0, VotingPolicies.All[0], [1], 30, options with { Seed = first.Seed });

        Assert.That(first.Seed, Is.Not.Null.And.Not.EqualTo(second.Seed));
        Assert.That(first.TokenIds, Is.Not.EqualTo(second.TokenIds));
        Assert.That(again.TokenIds, Is.EqualTo(first.TokenIds));
    }

    private static LogitsDraft Draft(DraftKind kind, int index, Func<ReadOnlySpan<int>, float[]> table, SamplingOptions options)
    {
        string name = $"{kind} {index}";
        return kind switch
        {
            DraftKind.Perfect => new LogitsDraft(name, table),
            DraftKind.Near => new LogitsDraft(name, LogitTables.Near(table, Vocabulary, index, 1)),
            DraftKind.Unshared => new LogitsDraft(name, table, _ => TokenSelector.Create(options with { Temperature = 1, Seed = (ulong)index }, 0)),
            DraftKind.Random => new LogitsDraft(name, LogitTables.Random(Vocabulary, index + 5000, 3)),
            DraftKind.Adversarial => new LogitsDraft(name, LogitTables.Opposite(table), _ => TokenSelector.Greedy),
            DraftKind.Failing => new LogitsDraft(name, prefix => prefix.Length % 3 == 0 ? throw new InvalidOperationException("out of ideas") : table(prefix)),
            _ => throw new ArgumentOutOfRangeException(nameof(kind)),
        };
    }

    private static GenerationResult Run(
        LogitsTarget target, IReadOnlyList<IDraftModel> drafts, int length, IVotingPolicy policy, int[] prompt, int maxNew, SamplingOptions options)
    {
        using var engine = new SteppedEngine(new PipelineComponents
        {
            Target = target,
            Drafts = drafts,
            VotingPolicy = policy,
            LengthController = new FixedSpeculationLength(length),
            LeaveOpen = true,
        });
        return engine.Run(prompt, new GenerationOptions { MaxOutputTokens = maxNew, Sampling = options });
    }

    private sealed class NeverTwiceInARow : ILogitsProcessor
    {
        public void Process(in LogitsContext context, Span<float> logits) => logits[context.Prefix[^1]] = float.NegativeInfinity;
    }
}
