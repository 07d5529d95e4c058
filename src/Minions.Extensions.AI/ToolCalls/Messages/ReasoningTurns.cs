using Minions.Extensions.AI.Reasoning;

namespace Minions.Extensions.AI.ToolCalls.Messages;

/// <summary>Puts the reasoning since the last question into the text, between its markers. What was thought before that is over: models are not shown it.</summary>
internal static class ReasoningTurns
{
    /// <summary>Puts it.</summary>
    /// <param name="messages">The messages.</param>
    /// <param name="markers">What surrounds reasoning.</param>
    public static List<TemplateMessage> InContent(List<TemplateMessage> messages, ReasoningMarkers markers)
    {
        int question = messages.FindLastIndex(message => message.Role == TemplateMessage.User);
        return [.. messages.Select((message, index) => index < question || message.Reasoning.Length == 0
            ? message
            : message with { Content = Written(message.Reasoning, markers) + message.Content, Reasoning = string.Empty })];
    }

    // Tags stand on lines of their own, special tokens do not.
    private static MarkedText Written(string reasoning, ReasoningMarkers markers) => markers.OnlyFresh
        ? MarkedText.Markup(markers.Open.Trim()) + $"\n{reasoning.Trim('\n')}\n" + MarkedText.Markup(markers.Close.Trim()) + "\n\n"
        : MarkedText.Markup(markers.Open) + reasoning + MarkedText.Markup(markers.Close);
}
