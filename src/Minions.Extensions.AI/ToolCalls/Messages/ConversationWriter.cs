using System.Text.Json.Nodes;
using Minions.Extensions.AI.ToolCalls.Learning;

namespace Minions.Extensions.AI.ToolCalls.Messages;

/// <summary>Puts a conversation into the form that a template shows whole.</summary>
internal static class ConversationWriter
{
    /// <summary>Puts it.</summary>
    /// <param name="conversation">The messages. They are not changed.</param>
    /// <param name="instructions">What comes before the leading system message, in one with it.</param>
    /// <param name="tools">The tools that are offered.</param>
    /// <param name="form">The form.</param>
    /// <param name="markup">How the template wants messages, and how its model writes calls and reasoning.</param>
    public static PromptMessages Write(
        IEnumerable<TemplateMessage> conversation, string? instructions, ToolCatalog tools, ConversationForm form, ChatMarkup markup)
    {
        List<TemplateMessage> messages = [.. conversation.Select(message =>
            form.DeveloperAsSystem && message.Role == TemplateMessage.Developer ? message with { Role = TemplateMessage.System } : message)];
        if (!string.IsNullOrEmpty(instructions))
            SystemTurns.PutBefore(messages, instructions);

        JsonArray? offered = tools.ToTemplate();
        if (offered is not null && form.Tools == ToolPlacement.SystemText)
            SystemTurns.PutBehind(messages, ToolAnnouncement.Of(offered, form.Calls == CallPlacement.Content ? null : markup.RenderedCall));
        else if (offered is not null && form.Tools == ToolPlacement.SystemMember)
            SystemTurns.Change(messages, own => own with { Tools = ToolAnnouncement.AsJson(offered) });

        messages = Place(SystemTurns.Place(messages, form.System), form, markup);
        Dictionary<int, Range[]> contentMarkup = [];
        for (int i = 0; i < messages.Count; i++)
        {
            if (messages[i].Content.MarkupRanges is { Length: > 0 } ranges)
                contentMarkup[i] = ranges;
        }

        JsonArray written = new([.. messages.Select(message => message.ToJson(markup))]);
        return new PromptMessages(written, form.Tools == ToolPlacement.Variable ? offered : null, contentMarkup);
    }

    private static List<TemplateMessage> Place(List<TemplateMessage> messages, ConversationForm form, ChatMarkup markup)
    {
        if (form.ReasoningInContent && markup.Syntax.Reasoning is { } markers)
            messages = ReasoningTurns.InContent(messages, markers);
        messages = CallTurns.PlaceText(messages, form.TextBesideCalls);
        if (form.Calls == CallPlacement.OneByOne)
            messages = CallTurns.OneByOne(messages);
        else if (form.Calls == CallPlacement.Content)
            messages = CallTurns.InContent(messages, form.Tools == ToolPlacement.SystemText ? null : markup.Syntax.Calls);
        if (form.ResultsFromUser)
            messages = CallTurns.ResultsFromUser(messages);
        if (form.MergesUsers)
            messages = TurnMerging.Merge(messages, TemplateMessage.User);
        return form.MergesAnswers ? TurnMerging.Merge(messages, TemplateMessage.Assistant) : messages;
    }
}
