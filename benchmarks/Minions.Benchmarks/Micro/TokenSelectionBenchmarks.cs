using BenchmarkDotNet.Attributes;
using Minions.Core.Sampling;

namespace Minions.Benchmarks.Micro;

/// <summary>
/// Choosing an id from a row of logits, at the vocabulary sizes of small, middle and large tokenizers. Peaked rows fall with the logarithm
/// of the rank, as those of language models do, the first id having about 0.8 of the mass; flat rows have nearly equal logits, the worst case.
/// </summary>
[MemoryDiagnoser]
public class TokenSelectionBenchmarks
{
    private const double Temperature = 0.8;

    private static readonly TokenSelector Sampling = Selector(new SamplingOptions());
    private static readonly TokenSelector TopK = Selector(new SamplingOptions { TopK = 40 });
    private static readonly TokenSelector TopP = Selector(new SamplingOptions { TopP = 0.95 });
    private static readonly TokenSelector MinP = Selector(new SamplingOptions { MinP = 0.05 });
    private static readonly TokenSelector AllThree = Selector(new SamplingOptions { TopK = 40, TopP = 0.95, MinP = 0.05 });
    private static readonly TokenSelector Penalties = Selector(new SamplingOptions { RepetitionPenalty = 1.1, FrequencyPenalty = 0.1 });

    private int[] _prefix = [];
    private float[] _logits = [];

    public enum RowShape
    {
        Peaked,
        Flat,
    }

    [Params(4_096, 32_768, 151_936)]
    public int Vocabulary { get; set; }

    [Params(RowShape.Peaked, RowShape.Flat)]
    public RowShape Shape { get; set; }

    [GlobalSetup]
    public void DrawLogits()
    {
        var random = new Random(1);
        int[] ranks = [.. Enumerable.Range(0, Vocabulary)];
        random.Shuffle(ranks);
        _logits = [.. ranks.Select(rank => Shape == RowShape.Peaked ? 20 - 2.2f * MathF.Log(1 + rank) : random.NextSingle())];
        _prefix = [.. Enumerable.Range(0, 512).Select(_ => random.Next(Vocabulary))];
    }

    [Benchmark(Baseline = true)]
    public int Greedy() => Select(TokenSelector.Greedy);

    [Benchmark]
    public int Sampled() => Select(Sampling);

    [Benchmark]
    public int SampledWithProbability() => Sampling.Select(_prefix.Length, _prefix, _logits, out _);

    [Benchmark]
    public int SampledTopK() => Select(TopK);

    [Benchmark]
    public int SampledTopP() => Select(TopP);

    [Benchmark]
    public int SampledMinP() => Select(MinP);

    [Benchmark]
    public int SampledAllThree() => Select(AllThree);

    [Benchmark]
    public int SampledWithPenalties() => Select(Penalties);

    private static TokenSelector Selector(SamplingOptions options) => TokenSelector.Create(options with { Temperature = Temperature, Seed = 1 }, promptLength: 128);

    private int Select(TokenSelector selector) => selector.Select(_prefix.Length, _prefix, _logits);
}
