using Minions.Core.Sampling;

namespace Minions.Benchmarks.Models;

/// <summary>The ways to choose ids that a command runs its prompts with.</summary>
internal static class SeededSampling
{
    /// <summary>One for each seed from 1 on; at temperature 0, where seeds have no effect, a single greedy one.</summary>
    public static IReadOnlyList<SamplingOptions> Of(double temperature, int seeds) => temperature == 0
        ? [SamplingOptions.Greedy]
        : [.. Enumerable.Range(1, seeds).Select(seed => new SamplingOptions { Temperature = temperature, Seed = (ulong)seed })];
}
