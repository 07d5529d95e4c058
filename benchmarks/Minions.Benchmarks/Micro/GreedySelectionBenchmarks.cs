using BenchmarkDotNet.Attributes;
using Minions.Core.Sampling;

namespace Minions.Benchmarks.Micro;

/// <summary>Choosing an id from a row of logits, at the vocabulary sizes of small, middle and large tokenizers.</summary>
[MemoryDiagnoser]
public class GreedySelectionBenchmarks
{
    private readonly int[] _prefix = new int[128];
    private float[] _logits = [];

    [Params(4_096, 32_768, 151_936)]
    public int Vocabulary { get; set; }

    [GlobalSetup]
    public void DrawLogits()
    {
        var random = new Random(1);
        _logits = new float[Vocabulary];
        foreach (ref float logit in _logits.AsSpan())
            logit = random.NextSingle() * 20 - 10;
    }

    [Benchmark]
    public int Greedy() => TokenSelector.Greedy.Select(_prefix.Length, _prefix, _logits);
}
