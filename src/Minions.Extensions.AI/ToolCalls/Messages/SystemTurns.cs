namespace Minions.Extensions.AI.ToolCalls.Messages;

/// <summary>Puts system messages where a template takes them. Templates that do not take one drop it or refuse the conversation.</summary>
internal static class SystemTurns
{
    private const string Gap = "\n\n";

    /// <summary>Puts a text before the leading system message, in one with it, or as one where there is none.</summary>
    public static void PutBefore(List<TemplateMessage> messages, string text) =>
        Change(messages, own => own with { Content = MarkedText.Join(MarkedText.Content(text), Gap, own.Content) });

    /// <summary>Puts a text behind the leading system message, in one with it, or as one where there is none.</summary>
    public static void PutBehind(List<TemplateMessage> messages, MarkedText text) =>
        Change(messages, own => own with { Content = MarkedText.Join(own.Content, Gap, text) });

    /// <summary>Changes the leading system message, or puts one there.</summary>
    public static void Change(List<TemplateMessage> messages, Func<TemplateMessage, TemplateMessage> change)
    {
        if (messages.Count > 0 && messages[0].Role == TemplateMessage.System)
            messages[0] = change(messages[0]);
        else
            messages.Insert(0, change(TemplateMessage.Of(TemplateMessage.System, string.Empty)));
    }

    /// <summary>Moves the text of each system message that is not where the template takes one: into the message of the user behind it or before it.</summary>
    public static List<TemplateMessage> Place(List<TemplateMessage> messages, SystemPlacement placement)
    {
        if (placement == SystemPlacement.Anywhere)
            return messages;

        List<TemplateMessage> placed = [];
        MarkedText waiting = MarkedText.Empty;
        foreach (TemplateMessage message in messages)
        {
            bool isSystem = message.Role == TemplateMessage.System;
            bool leads = placed.All(other => other.Role == TemplateMessage.System) && waiting.IsEmpty;
            if (isSystem && leads && placement == SystemPlacement.First && placed.Count > 0)
            {
                placed[^1] = placed[^1] with { Content = MarkedText.Join(placed[^1].Content, Gap, message.Content), Tools = placed[^1].Tools ?? message.Tools };
            }
            else if (isSystem && (!leads || placement == SystemPlacement.Nowhere))
            {
                waiting = MarkedText.Join(waiting, Gap, message.Content);
            }
            else if (message.Role == TemplateMessage.User)
            {
                placed.Add(message with { Content = MarkedText.Join(waiting, Gap, message.Content) });
                waiting = MarkedText.Empty;
            }
            else
            {
                Settle(placed, ref waiting);
                placed.Add(message);
            }
        }

        Settle(placed, ref waiting);
        return placed;
    }

    // No message of the user follows.
    private static void Settle(List<TemplateMessage> placed, ref MarkedText waiting)
    {
        if (waiting.IsEmpty)
            return;

        if (placed.Count > 0 && placed[^1].Role == TemplateMessage.User)
            placed[^1] = placed[^1] with { Content = MarkedText.Join(placed[^1].Content, Gap, waiting) };
        else
            placed.Add(new TemplateMessage(TemplateMessage.User, waiting));
        waiting = MarkedText.Empty;
    }
}
