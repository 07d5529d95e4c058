using System.Text.Json;
using System.Text.Json.Serialization;
using Minions.Benchmarks.EndToEnd.Measuring;
using Minions.Benchmarks.Models;
using Minions.Core.OnnxRuntime;
using Minions.Core.Verification;

namespace Minions.Benchmarks.EndToEnd.Reporting;

/// <summary>The measurements as <c>--json</c> writes them.</summary>
internal sealed record JsonReport(
    string Target,
    ExecutionProvider TargetProvider,
    IReadOnlyList<string> Drafts,
    IReadOnlyDictionary<string, ExecutionProvider> DraftProviders,
    int Prompts,
    int MaxTokens,
    double Temperature,
    ulong Seed,
    string? Length,
    string Panel,
    bool Ngram,
    int Concurrency,
    int Repeat,
    bool Exact,
    string? InexactReason,
    int Processors,
    double? TargetStepMs,
    IReadOnlyList<JsonCost> Costs,
    IReadOnlyList<JsonHeadCost> HeadCosts,
    string? BestSingle,
    GenAISettings? GenAI,
    IReadOnlyList<JsonArm> Arms)
{
    /// <summary>One indented object.</summary>
    public static string Of(EndToEndArguments arguments, LoadedModels models, Measurements measured, GenAISettings? genAI = null) =>
        JsonSerializer.Serialize(From(arguments, models, measured, genAI), JsonReportContext.Default.JsonReport);

    /// <summary>The same before it is written.</summary>
    public static JsonReport From(EndToEndArguments arguments, LoadedModels models, Measurements measured, GenAISettings? genAI = null)
    {
        Exactness exactness = models.Target.Exactness;
        return new JsonReport(
            arguments.TargetFolder,
            models.TargetProvider,
            [.. arguments.Voters().Names],
            models.DraftProviders,
            measured.Prompts.Prompts.Count,
            arguments.MaxTokens,
            arguments.Temperature,
            arguments.Seed,
            arguments.Length?.Name,
            arguments.PanelName,
            arguments.Ngram,
            arguments.Concurrency,
            arguments.Repeat,
            exactness.IsGuaranteed,
            exactness.Reason,
            Environment.ProcessorCount,
            measured.TargetStep?.TotalMilliseconds,
            [.. measured.Costs.Alone.Select(cost => new JsonCost(cost.Rows, cost.Milliseconds, cost.Milliseconds / measured.Costs.Unit))],
            [.. measured.Costs.Heads.Select(head => new JsonHeadCost(head.Key, head.Value.First, head.Value.Step))],
            measured.BestSingle,
            genAI,
            JsonArms(arguments, measured));
    }

    private static JsonArm[] JsonArms(EndToEndArguments arguments, Measurements measured)
    {
        IReadOnlyList<Figures> all = measured.FiguresOf(null, arguments.Concurrency);
        IReadOnlyList<Figures>[] domains = [.. measured.Prompts.Domains.Select((_, domain) => measured.FiguresOf(domain, arguments.Concurrency))];
        return
        [
            .. measured.Arms.Select((arm, place) => new JsonArm(arm.Arm.Name, all[place])
            {
                ColdTokensPerSecond = arm.ColdTokensPerSecond,
                ColdRatio = measured.ColdRatioOf(arm),
                Domains = [.. measured.Prompts.Domains.Select((name, domain) => new JsonDomain(name, domains[domain][place]))],
            }),
        ];
    }
}

/// <summary>What a run of some width costs.</summary>
internal sealed record JsonCost(int Width, double Milliseconds, double Relative);

/// <summary>What a head costs: its first step by rows, from 1 on, and every further one.</summary>
internal sealed record JsonHeadCost(string Head, IReadOnlyList<double> FirstMs, double StepMs);

/// <summary>The figures of an arm over all prompts or over one domain.</summary>
internal abstract record JsonFigures(Figures Figures)
{
    [JsonIgnore]
    public Figures Figures { get; } = Figures;

    public double TokensPerSecond => Figures.TokensPerSecond.Median;

    public double TokensPerSecondMin => Figures.TokensPerSecond.Minimum;

    public double TokensPerSecondMax => Figures.TokensPerSecond.Maximum;

    public double? Ratio => Figures.Ratio;

    public double? RatioPaired => Figures.RatioPerRepetition?.Median;

    public double? RatioMin => Figures.RatioPerRepetition?.Minimum;

    public double? RatioMax => Figures.RatioPerRepetition?.Maximum;

    public double? ToIdentical => Figures.ToIdentical?.Median;

    public double? ToIdenticalMin => Figures.ToIdentical?.Minimum;

    public double? ToIdenticalMax => Figures.ToIdentical?.Maximum;

    public double? ToGenAI => Figures.ToGenAI?.Median;

    public double? ToGenAIMin => Figures.ToGenAI?.Minimum;

    public double? ToGenAIMax => Figures.ToGenAI?.Maximum;

    public string? BestFixed => Figures.BestFixed;

    public double? OfBestFixed => Figures.OfBestFixed?.Median;

    public double? OfBestFixedMin => Figures.OfBestFixed?.Minimum;

    public double? OfBestFixedMax => Figures.OfBestFixed?.Maximum;

    public double P50Ms => Figures.P50Milliseconds;

    public double P95Ms => Figures.P95Milliseconds;

    public double TokensPerRound => Figures.TokensPerRound;

    public double Acceptance => Figures.Acceptance;

    public int? TextsDiffering => Figures.TextsDiffering;

    public bool? Identical => Figures.TextsDiffering is { } differing ? differing == 0 : null;

    public int? TextsUnlikeGenAI => Figures.TextsUnlikeGenAI;

    public int? TextsUnlikeOwn => Figures.TextsUnlikeOwn;

    public double? Bound => Figures.Bound;

    public double? Efficiency => Figures.Efficiency;

    public int Requests => Figures.Requests;

    public long Tokens => Figures.Tokens;

    public long Rounds => Figures.Rounds;

    public long PreDraftedRounds => Figures.PreDraftedRounds;

    public long WastedPreDraftRounds => Figures.WastedPreDraftRounds;
}

/// <summary>An arm over all prompts.</summary>
internal sealed record JsonArm(string Name, Figures Figures) : JsonFigures(Figures)
{
    [JsonPropertyOrder(-1)]
    public string Name { get; } = Name;

    [JsonPropertyOrder(1)]
    public required double ColdTokensPerSecond { get; init; }

    [JsonPropertyOrder(2)]
    public required double? ColdRatio { get; init; }

    [JsonPropertyOrder(3)]
    public required IReadOnlyList<JsonDomain> Domains { get; init; }
}

/// <summary>An arm over one domain.</summary>
internal sealed record JsonDomain(string Domain, Figures Figures) : JsonFigures(Figures)
{
    [JsonPropertyOrder(-1)]
    public string Domain { get; } = Domain;
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true, UseStringEnumConverter = true)]
[JsonSerializable(typeof(JsonReport))]
internal sealed partial class JsonReportContext : JsonSerializerContext;
