namespace Minions.Extensions.AI.Reasoning;

/// <summary>The reasoning markers of published models.</summary>
internal static class KnownReasoning
{
    private static readonly ReasoningMarkers[] All =
    [
        new("<|START_THINKING|>", "<|END_THINKING|>"),
        new("<|channel>thought", "<channel|>"),
        new("[THINK]", "[/THINK]"),
        new("<seed:think>", "</seed:think>"),
        new("<thinking>", "</thinking>"),
        new("<think>", "</think>"),
    ];

    // Granite marks the answer as well.
    private const string AnswerOpen = "<response>";
    private const string AnswerClose = "</response>";

    /// <summary>The markers that the source of a chat template mentions.</summary>
    public static ReasoningMarkers? MentionedIn(string templateSource)
    {
        ReasoningMarkers? found = All.FirstOrDefault(markers => Mentions(templateSource, markers.Open) || Mentions(templateSource, markers.Close));
        return found?.Open == "<think>" && Mentions(templateSource, AnswerOpen)
            ? found with { AnswerOpen = AnswerOpen, AnswerClose = AnswerClose }
            : found;
    }

    private static bool Mentions(string templateSource, string marker) => templateSource.Contains(marker, StringComparison.Ordinal);
}
