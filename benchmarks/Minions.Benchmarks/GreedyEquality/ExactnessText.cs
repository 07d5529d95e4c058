using Minions.Benchmarks.Models;
using Minions.Core.Sampling;

namespace Minions.Benchmarks.GreedyEquality;

/// <summary>A text every arm has to write alike: a prompt and how its ids are chosen.</summary>
internal sealed record ExactnessText(Prompt Prompt, SamplingOptions Sampling)
{
    public override string ToString() => Sampling.Temperature == 0 ? Prompt.Id : $"{Prompt.Id}, seed {Sampling.Seed}";
}
