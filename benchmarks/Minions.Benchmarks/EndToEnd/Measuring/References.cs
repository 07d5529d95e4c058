using Minions.Benchmarks.EndToEnd.Arms;

namespace Minions.Benchmarks.EndToEnd.Measuring;

/// <summary>The texts that answers are held against, one a prompt.</summary>
/// <param name="Own">What the target writes alone, in bit-identical mode.</param>
/// <param name="GenAI">What GenAI decodes plainly, or <see langword="null"/> where no arm runs GenAI or ids are drawn.</param>
/// <param name="OnGenAI">What the target writes alone, in bit-identical mode and run by GenAI; <see langword="null"/> where no arm runs it so.</param>
internal sealed record References(IReadOnlyList<Answer> Own, IReadOnlyList<Answer>? GenAI = null, IReadOnlyList<Answer>? OnGenAI = null)
{
    /// <summary>Says whose text an arm's answer is.</summary>
    public TextVerdict Judge(Arm arm, int prompt, Answer answer) => new()
    {
        Identical = arm.PromisesIdenticalText ? answer.Is((arm.TargetIsGenAI ? OnGenAI! : Own)[prompt]) : null,
        LikeGenAI = GenAI is null ? null : answer.HasIdsOf(GenAI[prompt]),
        LikeOwn = arm.RunsGenAI ? answer.HasIdsOf(Own[prompt]) : null,
    };
}
