using Minions.Extensions.AI.Reasoning;
using Minions.Extensions.AI.ToolCalls.Reading;

namespace Minions.Extensions.AI.ToolCalls;

/// <summary>The markup in the output of a model: how calls are written and what surrounds reasoning.</summary>
internal sealed class OutputSyntax
{
    /// <summary>Puts a syntax together.</summary>
    /// <param name="calls">How calls are written, if the model writes any.</param>
    /// <param name="reasoning">What surrounds reasoning, if it is not the format's own.</param>
    public OutputSyntax(IToolCallFormat? calls, ReasoningMarkers? reasoning)
    {
        Calls = calls;
        Reasoning = calls?.Reasoning ?? reasoning;
        InText = new MarkerSet(
        [
            .. CallMarkers(calls),
            .. (calls?.SilentMarkers ?? []).Select(text => new Marker(text, MarkerKind.Silent)),
            .. Reasoning is null ? Array.Empty<Marker>() :
            [
                new Marker(Reasoning.Open, MarkerKind.ReasoningOpen, Reasoning.OnlyFresh),
                new Marker(Reasoning.Close, MarkerKind.Silent, Reasoning.OnlyFresh),
                new Marker(Reasoning.AnswerOpen, MarkerKind.Silent, OnlyFresh: true),
                new Marker(Reasoning.AnswerClose, MarkerKind.Silent),
            ],
        ]);

        // A model whose prompt has opened the reasoning may open it once more.
        InReasoning = Reasoning is null ? new MarkerSet([]) : new MarkerSet(
        [
            new Marker(Reasoning.Close, MarkerKind.ReasoningClose),
            new Marker(Reasoning.Open, MarkerKind.ReasoningOpen, OnlyFresh: true),
            .. calls is { EndsReasoning: true } ? CallMarkers(calls).Where(marker => !marker.OnlyFresh) : [],
        ]);
    }

    /// <summary>An output without any markup.</summary>
    public static OutputSyntax Plain { get; } = new(null, null);

    /// <summary>How calls are written.</summary>
    public IToolCallFormat? Calls { get; }

    /// <summary>What surrounds reasoning.</summary>
    public ReasoningMarkers? Reasoning { get; }

    /// <summary>The markers that count in the answer.</summary>
    public MarkerSet InText { get; }

    /// <summary>The markers that count in the reasoning.</summary>
    public MarkerSet InReasoning { get; }

    /// <summary>The syntax where no tools are offered: what looks like a call is text then.</summary>
    public OutputSyntax WithoutCalls() => Calls is null or { FramesAllOutput: true } ? this : new OutputSyntax(null, Reasoning);

    /// <summary>Whether a special token is, or belongs to, a marker.</summary>
    public bool HasMarkerWith(string specialToken) =>
        Calls is { FramesAllOutput: true } || InText.Texts.Concat(InReasoning.Texts).Any(marker => marker.Contains(specialToken, StringComparison.Ordinal));

    private static IEnumerable<Marker> CallMarkers(IToolCallFormat? calls) => calls is null ? [] :
    [
        .. calls.Openers.Select(text => new Marker(text, MarkerKind.Call)),
        .. calls.FreshOpeners.Select(text => new Marker(text, MarkerKind.Call, OnlyFresh: true)),
    ];
}
