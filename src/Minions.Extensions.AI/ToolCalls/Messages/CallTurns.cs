namespace Minions.Extensions.AI.ToolCalls.Messages;

/// <summary>Puts calls, what is said beside them and their results into the messages that a template takes.</summary>
internal static class CallTurns
{
    private const string Gap = "\n\n";

    /// <summary>Moves the text of messages with calls.</summary>
    public static List<TemplateMessage> PlaceText(List<TemplateMessage> messages, TextPlacement placement) =>
        placement == TextPlacement.Together ? messages : [.. messages.SelectMany(message => PlaceText(message, placement))];

    /// <summary>Gives each call a message of its own, with its result behind it.</summary>
    public static List<TemplateMessage> OneByOne(List<TemplateMessage> messages)
    {
        List<TemplateMessage> placed = [];
        for (int i = 0; i < messages.Count; i++)
        {
            TemplateMessage message = messages[i];
            if (message.Calls.Count < 2)
            {
                placed.Add(message);
                continue;
            }

            List<TemplateMessage> results = [.. messages.Skip(i + 1).TakeWhile(next => next.Role == TemplateMessage.Tool)];
            i += results.Count;
            foreach (TemplateCall call in message.Calls)
            {
                bool isFirst = ReferenceEquals(call, message.Calls[0]);
                placed.Add(isFirst ? message with { Calls = [call] } : new TemplateMessage(message.Role, MarkedText.Empty) { Name = message.Name, Calls = [call] });
                if (results.FindIndex(result => result.CallId == call.Id) is >= 0 and int found)
                {
                    placed.Add(results[found]);
                    results.RemoveAt(found);
                }
            }

            placed.AddRange(results);
        }

        return placed;
    }

    /// <summary>Writes calls into the text of their messages.</summary>
    /// <param name="messages">The messages.</param>
    /// <param name="format">How the model writes calls.</param>
    public static List<TemplateMessage> InContent(List<TemplateMessage> messages, IToolCallFormat? format) =>
        [.. messages.Select(message => message.Calls.Count == 0
            ? message
            : message with { Content = MarkedText.Join(message.Content, "\n", WrittenCalls.Of(message.Calls, format)), Calls = [] })];

    /// <summary>Makes results messages of the user, those that follow each other in one: most templates want roles to take turns.</summary>
    public static List<TemplateMessage> ResultsFromUser(List<TemplateMessage> messages)
    {
        List<TemplateMessage> placed = [];
        bool behindResult = false;
        foreach (TemplateMessage message in messages)
        {
            bool isResult = message.Role == TemplateMessage.Tool;
            if (!isResult)
                placed.Add(message);
            else if (behindResult)
                placed[^1] = placed[^1] with { Content = placed[^1].Content + "\n" + WrittenCalls.OfResult(message.Content) };
            else
                placed.Add(new TemplateMessage(TemplateMessage.User, WrittenCalls.OfResult(message.Content)));
            behindResult = isResult;
        }

        return placed;
    }

    private static IEnumerable<TemplateMessage> PlaceText(TemplateMessage message, TextPlacement placement)
    {
        if (message.Calls.Count == 0 || message.Content.IsEmpty)
            return [message];
        if (placement == TextPlacement.Apart)
            return [new TemplateMessage(message.Role, message.Content) { Name = message.Name }, message with { Content = MarkedText.Empty }];

        string reasoning = message.Reasoning.Length == 0 ? message.Content.Text : message.Reasoning + Gap + message.Content.Text;
        return [message with { Content = MarkedText.Empty, Reasoning = reasoning }];
    }
}
