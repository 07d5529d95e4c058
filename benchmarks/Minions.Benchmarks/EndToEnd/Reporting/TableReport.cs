using System.Globalization;
using Minions.Benchmarks.EndToEnd.Arms;
using Minions.Benchmarks.EndToEnd.Costs;
using Minions.Benchmarks.EndToEnd.Measuring;
using Minions.Core.Verification;

namespace Minions.Benchmarks.EndToEnd.Reporting;

/// <summary>The measurements for people: a table over all prompts and one for each domain.</summary>
internal static class TableReport
{
    public static void Write(TextWriter output, EndToEndArguments arguments, Exactness exactness, Measurements measured, GenAISettings? genAI = null)
    {
        LoadedVoters voters = arguments.Voters();
        output.WriteLine($"target {arguments.TargetFolder}");
        output.WriteLine($"drafts {(voters.Names.Any() ? string.Join(", ", voters.Names) : "none")}{(arguments.Ngram ? " and the n-gram voter" : "")}");
        output.WriteLine($"{measured.Prompts.Prompts.Count} prompts, at most {arguments.MaxTokens} tokens, {(arguments.Temperature == 0 ? "greedy" : $"temperature {arguments.Temperature}, seed {arguments.Seed}")}, "
            + $"length {arguments.Length?.Name ?? "by default"}, panel {arguments.PanelName}, {arguments.Concurrency} in flight, {arguments.Repeat} repetitions");
        output.WriteLine($"identical texts are {(exactness.IsGuaranteed ? "promised" : $"not promised: {exactness.Reason}")}");
        if (measured.TargetStep is { } step)
            output.WriteLine($"a slow draft's id takes {2 * step.TotalMilliseconds:0.00} ms more, as long as two runs of the target, two rows wide");
        output.WriteLine($"cost of a run, ms by width: {string.Join(", ", measured.Costs.Alone.Select(cost => $"{cost.Rows}: {cost.Milliseconds:0.00}"))}");
        foreach ((string head, HeadCosts costs) in measured.Costs.Heads)
            output.WriteLine($"cost of {head}, ms by rows of a first step: {string.Join(", ", costs.First.Select((cost, i) => $"{i + 1}: {cost:0.00}"))}; each further step: {costs.Step:0.00}");
        if (measured.BestSingle is { } best)
            output.WriteLine($"best-single is {best}");
        if (genAI is not null)
            output.WriteLine(genAI.Summary);
        WriteTable(output, "all prompts", measured, null, arguments.Concurrency);
        for (int domain = 0; domain < measured.Prompts.Domains.Count && measured.Prompts.Domains.Count > 1; domain++)
            WriteTable(output, measured.Prompts.Domains[domain], measured, domain, arguments.Concurrency);
    }

    private static void WriteTable(TextWriter output, string title, Measurements measured, int? domain, int concurrency)
    {
        IReadOnlyList<Figures> all = measured.FiguresOf(domain, concurrency);
        Column[] columns =
        [
            new(title, [.. measured.Arms.Select(arm => arm.Arm.Name)]),
            Of("tokens/s", figures => $"{figures.TokensPerSecond.Median:0.0}"),
            Of("from - to", figures => $"{figures.TokensPerSecond.Minimum:0.0} - {figures.TokensPerSecond.Maximum:0.0}"),
            Of("ratio", figures => Figure(figures.Ratio)),
            .. Where(all.Any(figures => figures.ToIdentical is not null), Of("to\nidentical", figures => Figure(figures.ToIdentical?.Median))),
            .. Where(all.Any(figures => figures.ToGenAI is not null), Of("to\nGenAI", figures => Figure(figures.ToGenAI?.Median))),
            .. Where(all.Any(figures => figures.OfBestFixed is not null), Of("of best\nfixed", figures => Figure(figures.OfBestFixed?.Median))),
            .. Where(domain is null && measured.Arms.Any(arm => measured.ColdRatioOf(arm) is not null), new Column("cold", [.. measured.Arms.Select(arm => Figure(measured.ColdRatioOf(arm)))])),
            Of("p50\nms", figures => $"{figures.P50Milliseconds:0}"),
            Of("p95\nms", figures => $"{figures.P95Milliseconds:0}"),
            Of("tokens\n/round", figures => $"{figures.TokensPerRound:0.000}"),
            Of("accept-\nance", figures => $"{figures.Acceptance:0.000}"),
            .. Where(measured.Arms.Any(arm => arm.Arm.PreDrafts), Of("pre-\ndraft", figures => $"{figures.PreDraft:0.000}")),
            Of("iden-\ntical", figures => Verdict(figures.TextsDiffering)),
            .. Where(all.Any(figures => figures.TextsUnlikeGenAI is not null), Of("unlike\nGenAI", figures => Count(figures.TextsUnlikeGenAI))),
            .. Where(all.Any(figures => figures.TextsUnlikeOwn is not null), Of("unlike\nours", figures => Count(figures.TextsUnlikeOwn))),
            Of("bound", figures => Figure(figures.Bound)),
            Of("of\nbound", figures => figures.Efficiency is { } efficiency ? $"{efficiency:0 %}" : "-"),
        ];
        output.WriteLine();
        Column.Write(output, columns);

        Column Of(string heading, Func<Figures, string> cell) => new(heading, [.. all.Select(cell)]);
    }

    private static Column[] Where(bool isMeasured, Column column) => isMeasured ? [column] : [];

    private static string Figure(double? value) => value is { } figure ? $"{figure:0.000}" : "-";

    private static string Count(int? texts) => texts?.ToString(CultureInfo.InvariantCulture) ?? "-";

    private static string Verdict(int? differing) => differing switch
    {
        null => "-",
        0 => "yes",
        _ => $"{differing} differ",
    };
}
