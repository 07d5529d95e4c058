using Minions.Benchmarks.EndToEnd.Arms;
using Minions.Benchmarks.EndToEnd.Costs;

namespace Minions.Benchmarks.EndToEnd.Measuring;

/// <summary>Everything a bench measured.</summary>
/// <param name="Prompts">The prompts.</param>
/// <param name="Arms">The arms in the order in which they were named.</param>
/// <param name="Costs">What target runs and heads cost.</param>
/// <param name="TargetStep">The run of the target by which scenarios measure time, where an arm has one.</param>
/// <param name="BestSingle">Which draft arms with <c>best-single</c> run, where there is such an arm.</param>
internal sealed record Measurements(PromptTexts Prompts, IReadOnlyList<ArmRecord> Arms, RunCosts Costs, TimeSpan? TargetStep, string? BestSingle = null)
{
    /// <summary>The figures of all arms.</summary>
    /// <param name="domain">A domain's place, or <see langword="null"/> for all prompts.</param>
    /// <param name="concurrency">The requests in flight: with more than one, bounds are relative to <c>plain-serial</c>.</param>
    public IReadOnlyList<Figures> FiguresOf(int? domain, int concurrency)
    {
        (Arm Arm, Figures Figures)[] all = [.. Arms.Select(record => (record.Arm, Figures.Of(record, domain, Costs, concurrency)))];
        var common = new Baselines { Plain = Named("plain"), Identical = Named("plain-identical"), GenAI = Named("genai"), Unit = Named(concurrency == 1 ? "plain" : "plain-serial") };
        return
        [
            .. all.Select(own =>
            {
                (Arm? best, Figures? figures) = BestFixed(own.Arm);
                return own.Figures.Against(common with { BestFixedName = best?.Name, BestFixed = figures });
            }),
        ];

        Figures? Named(string name) => Array.Find(all, arm => arm.Arm.Name == name).Figures;

        // Others' drafts, votes or packing would say nothing about the length.
        (Arm? Arm, Figures? Figures) BestFixed(Arm arm) =>
            all.Where(other => other.Arm.Length?.FixedLength is not null && arm.IsSameButForLength(other.Arm))
                .OrderByDescending(other => other.Figures.TokensPerSecond.Median)
                .FirstOrDefault();
    }

    /// <summary>An arm's very first request against that of <c>plain</c>, or <see langword="null"/> where that was not measured.</summary>
    public double? ColdRatioOf(ArmRecord arm) => arm.ColdTokensPerSecond / Arms.FirstOrDefault(other => other.Arm.Name == "plain")?.ColdTokensPerSecond;
}
