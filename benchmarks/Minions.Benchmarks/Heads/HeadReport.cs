using System.Text.Json;
using System.Text.Json.Serialization;
using Minions.Benchmarks.EndToEnd.Costs;
using Minions.Benchmarks.EndToEnd.Measuring;
using Minions.Benchmarks.EndToEnd.Reporting;

namespace Minions.Benchmarks.Heads;

/// <summary>What was found out about a head, as <c>--json</c> writes it.</summary>
/// <param name="Head">Its name.</param>
/// <param name="Target">The target's folder.</param>
/// <param name="States">The states that it reads.</param>
/// <param name="Window">How many of the newest positions' states it knew when a chain began, or <see langword="null"/> for all.</param>
/// <param name="Prompts">The number of texts.</param>
/// <param name="MaxTokens">The most ids of an answer.</param>
/// <param name="Processors">The processors of the machine.</param>
/// <param name="TargetMs">Runs of the target, at index i with i + 1 rows.</param>
/// <param name="FirstMs">First steps of the head, at index i with i + 1 rows.</param>
/// <param name="StepMs">A further step.</param>
/// <param name="Agreement">What <c>speculation.json</c> would hold.</param>
/// <param name="Domains">The figures of each kind of prompt, and of all last.</param>
internal sealed record HeadReport(
    string Head,
    string Target,
    IReadOnlyList<string> States,
    int? Window,
    int Prompts,
    int MaxTokens,
    int Processors,
    IReadOnlyList<double> TargetMs,
    IReadOnlyList<double> FirstMs,
    double StepMs,
    IReadOnlyList<double> Agreement,
    IReadOnlyList<HeadDomain> Domains)
{
    private const string All = "all";

    /// <summary>Puts it together.</summary>
    /// <param name="arguments">What was asked for.</param>
    /// <param name="head">The head's name.</param>
    /// <param name="states">The states that it reads.</param>
    /// <param name="texts">What was measured over texts.</param>
    /// <param name="costs">What runs cost; those of the head must be among them.</param>
    public static HeadReport Of(HeadArguments arguments, string head, IReadOnlyList<string> states, IReadOnlyList<ChainAgreement> texts, RunCosts costs)
    {
        HeadCosts own = costs.Heads[head];
        string[] kinds = [.. texts.Select(text => text.Domain).Distinct()];
        return new HeadReport(
            head,
            arguments.TargetFolder,
            states,
            arguments.Window == 0 ? null : arguments.Window,
            texts.Count,
            arguments.MaxTokens,
            Environment.ProcessorCount,
            [.. Enumerable.Range(1, ChainAgreement.Steps + 1).Select(rows => costs.Of(new RunShape(rows, 1)))],
            own.First,
            own.Step,
            [.. Enumerable.Range(0, ChainAgreement.Steps).Select(step => Math.Clamp(ChainAgreement.ShareBehindRight(texts, step), 0.01, 0.99)).TakeWhile(double.IsFinite)],
            [
                .. kinds.Select(kind => HeadDomain.Of(kind, [.. texts.Where(text => text.Domain == kind)], costs, own)),
                .. kinds.Length > 1 ? [HeadDomain.Of(All, texts, costs, own)] : Array.Empty<HeadDomain>(),
            ]);
    }

    /// <summary>One indented object.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, HeadReportContext.Default.HeadReport);

    /// <summary>The same for people.</summary>
    public void Write(TextWriter output)
    {
        output.WriteLine($"head {Head}, target {Target}");
        output.WriteLine($"it reads {string.Join(", ", States)}{(Window is { } window ? $"; of the newest {window} positions only, anew at every place" : "")}");
        output.WriteLine($"{Prompts} texts of the target, greedy, at most {MaxTokens} tokens");
        output.WriteLine($"run of the target, ms by rows: {Times(TargetMs)}");
        output.WriteLine($"first step of the head, ms by rows: {Times(FirstMs)}; each further step: {StepMs:0.00}");
        output.WriteLine($"of a run of the target of two rows: first step of two rows {FirstMs[1] / TargetMs[1]:0.000}, further step {StepMs / TargetMs[1]:0.000}");
        output.WriteLine($"speculation.json: {{ \"version\": 1, \"agreement\": [{string.Join(", ", Agreement.Select(share => $"{share:0.00}"))}] }}");
        WriteTable(output, "agreement by step,\nthe right ids before", "step", domain => domain.Agreement, "0.000");
        WriteTable(output, "tokens a round,\nfixed length", "length", domain => domain.TokensPerRound, "0.000");
        WriteTable(output, "bound: speed by plain\ndecoding of two rows", "length", domain => domain.Bound, "0.000");
    }

    private static string Times(IReadOnlyList<double> times) => string.Join(", ", times.Select((time, i) => $"{i + 1}: {time:0.00}"));

    private void WriteTable(TextWriter output, string title, string column, Func<HeadDomain, IReadOnlyList<double?>> figures, string format)
    {
        output.WriteLine();
        Column.Write(output,
        [
            new(title, [.. Domains.Select(domain => domain.Domain)]),
            .. Enumerable.Range(0, ChainAgreement.Steps).Select(i => new Column($"{column} {i + 1}", [.. Domains.Select(domain => figures(domain)[i]?.ToString(format, null) ?? "-")])),
        ]);
    }
}

/// <summary>A head over one kind of prompt. Lists have an entry a step, or a length; <see langword="null"/> where no text is long enough.</summary>
/// <param name="Domain">The kind.</param>
/// <param name="Positions">The places where a chain began.</param>
/// <param name="Agreement">The share of places where the step's choice is the target's, given the right ids before it.</param>
/// <param name="TokensPerRound">The ids that a round commits, by its fixed length.</param>
/// <param name="Bound">The speed against plain decoding in runs of two rows if nothing took time but the runs of target and head.</param>
internal sealed record HeadDomain(string Domain, int Positions, IReadOnlyList<double?> Agreement, IReadOnlyList<double?> TokensPerRound, IReadOnlyList<double?> Bound)
{
    /// <summary>Adds up texts.</summary>
    public static HeadDomain Of(string domain, IReadOnlyList<ChainAgreement> texts, RunCosts costs, HeadCosts head)
    {
        double[] tokens = [.. Enumerable.Range(1, ChainAgreement.Steps).Select(length => ChainAgreement.TokensPerRound(texts, length))];
        return new HeadDomain(
            domain,
            texts.Sum(text => text.Right.Length),
            [.. Enumerable.Range(0, ChainAgreement.Steps).Select(step => Known(ChainAgreement.Share(texts, step)))],
            [.. tokens.Select(Known)],
            [.. tokens.Select((committed, i) => Known(Bound(committed, i + 1)))]);

        // What a round commits is what the head reads at the start of the next.
        double Bound(double committed, int length) => committed * costs.Of(new RunShape(2, 1))
            / (costs.Of(new RunShape(length + 1, 1)) + head.Of(double.IsFinite(committed) ? (int)Math.Round(committed) : 1, length));
    }

    private static double? Known(double figure) => double.IsFinite(figure) ? figure : null;
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
[JsonSerializable(typeof(HeadReport))]
internal sealed partial class HeadReportContext : JsonSerializerContext;
