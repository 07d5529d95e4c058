using Minions.Benchmarks.EndToEnd.Costs;

namespace Minions.Benchmarks.EndToEnd.Measuring;

/// <summary>Everything a bench measured.</summary>
/// <param name="Prompts">The prompts.</param>
/// <param name="Arms">The arms in the order in which they were named.</param>
/// <param name="Costs">What target runs cost.</param>
internal sealed record Measurements(PromptTexts Prompts, IReadOnlyList<ArmRecord> Arms, RunCosts Costs)
{
    /// <summary>The figures of all arms.</summary>
    /// <param name="domain">A domain's place, or <see langword="null"/> for all prompts.</param>
    /// <param name="concurrency">The requests in flight: with more than one, bounds are relative to <c>plain-serial</c>.</param>
    public IReadOnlyList<Figures> FiguresOf(int? domain, int concurrency)
    {
        Figures? plain = Baseline("plain");
        Figures? unit = concurrency == 1 ? plain : Baseline("plain-serial");
        return [.. Arms.Select(arm => Figures.Of(arm, domain, Costs, plain, unit))];

        Figures? Baseline(string name) =>
            Arms.FirstOrDefault(arm => arm.Arm.Name == name) is { } record ? Figures.Of(record, domain, Costs, null, null) : null;
    }
}
