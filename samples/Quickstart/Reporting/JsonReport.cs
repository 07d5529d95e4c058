using System.Text.Json;
using System.Text.Json.Serialization;
using Quickstart.Measuring;

namespace Quickstart.Reporting;

/// <summary>The measurements as <c>--json</c> writes them.</summary>
internal sealed record JsonReport(
    double PlainTokensPerSecond,
    double SpeculativeTokensPerSecond,
    double Ratio,
    double TokensPerRound,
    double Acceptance,
    bool Identical,
    IReadOnlyList<JsonPromptReport> Prompts)
{
    /// <summary>One object on one line.</summary>
    public static string Of(IReadOnlyCollection<PromptOutcome> outcomes)
    {
        Figures total = Figures.Of(outcomes);
        var report = new JsonReport(
            total.PlainTokensPerSecond,
            total.SpeculativeTokensPerSecond,
            total.Ratio,
            total.TokensPerRound,
            total.Acceptance,
            total.Identical,
            [.. outcomes.Select(JsonPromptReport.Of)]);
        return JsonSerializer.Serialize(report, JsonReportContext.Default.JsonReport);
    }
}

/// <summary>One prompt's part of it.</summary>
internal sealed record JsonPromptReport(
    string Id,
    string? Domain,
    double PlainTokensPerSecond,
    double SpeculativeTokensPerSecond,
    double Ratio,
    double TokensPerRound,
    double Acceptance,
    bool Identical,
    int Tokens,
    string Text)
{
    public static JsonPromptReport Of(PromptOutcome outcome)
    {
        Figures figures = Figures.Of(outcome);
        return new JsonPromptReport(
            outcome.Prompt.Id,
            outcome.Prompt.Domain,
            figures.PlainTokensPerSecond,
            figures.SpeculativeTokensPerSecond,
            figures.Ratio,
            figures.TokensPerRound,
            figures.Acceptance,
            figures.Identical,
            outcome.Speculative.Usage.CompletionTokens,
            outcome.Speculative.Text);
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(JsonReport))]
internal sealed partial class JsonReportContext : JsonSerializerContext;
