using Minions.Benchmarks.EndToEnd.Measuring;
using Minions.Core.Verification;

namespace Minions.Benchmarks.EndToEnd.Reporting;

/// <summary>The measurements for people: a table over all prompts and one for each domain.</summary>
internal static class TableReport
{
    public static void Write(TextWriter output, EndToEndArguments arguments, Exactness exactness, Measurements measured)
    {
        output.WriteLine($"target {arguments.TargetFolder}");
        output.WriteLine($"drafts {(arguments.DraftFolders.Count == 0 ? "none" : string.Join(", ", arguments.DraftNames))}{(arguments.Ngram ? " and the n-gram voter" : "")}");
        output.WriteLine($"{measured.Prompts.Prompts.Count} prompts, at most {arguments.MaxTokens} tokens, {(arguments.Temperature == 0 ? "greedy" : $"temperature {arguments.Temperature}, seed {arguments.Seed}")}, "
            + $"length {arguments.Length?.Name ?? "by default"}, panel {arguments.PanelName}, {arguments.Concurrency} in flight, {arguments.Repeat} repetitions");
        output.WriteLine($"identical texts are {(exactness.IsGuaranteed ? "promised" : $"not promised: {exactness.Reason}")}");
        output.WriteLine($"cost of a run, ms by width: {string.Join(", ", measured.Costs.Alone.Select(cost => $"{cost.Rows}: {cost.Milliseconds:0.00}"))}");
        WriteTable(output, "all prompts", measured, null, arguments.Concurrency);
        for (int domain = 0; domain < measured.Prompts.Domains.Count && measured.Prompts.Domains.Count > 1; domain++)
            WriteTable(output, measured.Prompts.Domains[domain], measured, domain, arguments.Concurrency);
    }

    private static void WriteTable(TextWriter output, string title, Measurements measured, int? domain, int concurrency)
    {
        int width = Math.Max(title.Length, measured.Arms.Max(arm => arm.Arm.Name.Length));
        output.WriteLine();
        output.WriteLine($"{title.PadRight(width)}  {"tokens/s",8}  {"from - to",15}  {"ratio",6}  {"p50 ms",7}  {"p95 ms",7}  {"tokens/round",12}  {"acceptance",10}  {"identical",11}  {"bound",6}  {"of bound",8}");
        foreach ((ArmRecord arm, Figures figures) in measured.Arms.Zip(measured.FiguresOf(domain, concurrency)))
        {
            string spread = $"{figures.TokensPerSecond.Minimum:0.0} - {figures.TokensPerSecond.Maximum:0.0}";
            output.WriteLine($"{arm.Arm.Name.PadRight(width)}  {figures.TokensPerSecond.Median,8:0.0}  {spread,15}  {Figure(figures.Ratio),6}  {figures.P50Milliseconds,7:0}  {figures.P95Milliseconds,7:0}  "
                + $"{figures.TokensPerRound,12:0.000}  {figures.Acceptance,10:0.000}  {Verdict(figures.TextsDiffering),11}  {Figure(figures.Bound),6}  {(figures.Efficiency is { } efficiency ? $"{efficiency:0 %}" : "-"),8}");
        }
    }

    private static string Figure(double? value) => value is { } figure ? $"{figure:0.000}" : "-";

    private static string Verdict(int? differing) => differing switch
    {
        null => "-",
        0 => "yes",
        _ => $"{differing} differ",
    };
}
