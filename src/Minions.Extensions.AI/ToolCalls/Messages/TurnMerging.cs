namespace Minions.Extensions.AI.ToolCalls.Messages;

/// <summary>Makes one message of those that follow each other, for templates that want roles to take turns.</summary>
internal static class TurnMerging
{
    /// <summary>Merges the messages of a role.</summary>
    public static List<TemplateMessage> Merge(List<TemplateMessage> messages, string role)
    {
        List<TemplateMessage> merged = [];
        foreach (TemplateMessage message in messages)
        {
            if (merged.Count > 0 && IsText(merged[^1], role) && IsText(message, role))
            {
                TemplateMessage before = merged[^1];
                merged[^1] = before with
                {
                    Content = MarkedText.Join(before.Content, "\n\n", message.Content),
                    Name = before.Name == message.Name ? before.Name : null,
                    Reasoning = before.Reasoning + message.Reasoning,
                };
            }
            else
            {
                merged.Add(message);
            }
        }

        return merged;
    }

    private static bool IsText(TemplateMessage message, string role) => message.Role == role && message.Calls.Count == 0;
}
