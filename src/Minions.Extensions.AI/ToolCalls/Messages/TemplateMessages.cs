using System.Text;
using Microsoft.Extensions.AI;
using Minions.Extensions.AI.ToolCalls.Learning;

namespace Minions.Extensions.AI.ToolCalls.Messages;

/// <summary>Puts a conversation into messages as chat templates know them.</summary>
internal sealed class TemplateMessages
{
    private readonly ChatMarkup _markup;
    private readonly List<TemplateMessage> _messages = [];
    private readonly Dictionary<string, (string Id, string Name)> _calls = new(StringComparer.Ordinal);
    private readonly HashSet<string> _answered;

    private TemplateMessages(ChatMarkup markup, IEnumerable<ChatMessage> messages)
    {
        _markup = markup;
        _answered = messages.SelectMany(message => message?.Contents ?? []).OfType<FunctionResultContent>().Select(result => result.CallId).ToHashSet(StringComparer.Ordinal);
    }

    /// <summary>Puts a conversation.</summary>
    /// <param name="messages">The conversation. It is not changed.</param>
    /// <param name="markup">How the template wants it.</param>
    /// <returns>A message for each, and one for each result of a call.</returns>
    /// <exception cref="ArgumentException">There is no message, one is empty, or one has a role or contents that do not belong together.</exception>
    /// <exception cref="NotSupportedException">A message has contents that a text model cannot take, such as an image.</exception>
    public static List<TemplateMessage> From(IEnumerable<ChatMessage> messages, ChatMarkup markup)
    {
        List<ChatMessage> all = [.. messages];
        TemplateMessages target = new(markup, all);
        int index = 0;
        foreach (ChatMessage message in all)
            target.Add(message ?? throw new ArgumentException($"Message {index} is null.", nameof(messages)), index++);

        return index > 0 ? target._messages : throw new ArgumentException("There is no message. Give at least one.", nameof(messages));
    }

    private void Add(ChatMessage message, int index)
    {
        if (message.Role == ChatRole.Tool)
            AddResults(message, index);
        else if (message.Role == ChatRole.Assistant)
            AddAssistant(message, index);
        else if (message.Role == ChatRole.System || message.Role == ChatRole.User || message.Role.Value == TemplateMessage.Developer)
            AddText(message, index);
        else
        {
            throw new ArgumentException(
                $"Message {index} has the role '{message.Role.Value}', which templates do not know. Use system, developer, user, assistant or tool.", nameof(message));
        }
    }

    private void AddText(ChatMessage message, int index)
    {
        StringBuilder text = new();
        foreach (AIContent content in message.Contents)
        {
            if (content is TextContent part)
                text.Append(part.Text);
            else if (content is not UsageContent)
                throw Refused(content, message.Role, index);
        }

        if (text.Length == 0)
            throw new ArgumentException($"Message {index}, of the role '{message.Role.Value}', has no text. Leave it out or give it some.", nameof(message));

        _messages.Add(TemplateMessage.Of(message.Role.Value, text.ToString()) with { Name = NameOf(message) });
    }

    // A message may be empty here: a model may have nothing to say.
    private void AddAssistant(ChatMessage message, int index)
    {
        StringBuilder text = new();
        StringBuilder reasoning = new();
        List<TemplateCall> calls = [];
        foreach (AIContent content in message.Contents)
        {
            switch (content)
            {
                case TextContent part:
                    text.Append(part.Text);
                    break;
                case TextReasoningContent thought:
                    reasoning.Append(thought.Text);
                    break;
                case FunctionCallContent call when IsUnfinished(call):
                    break;
                case FunctionCallContent call:
                    calls.Add(ToTemplate(call, index));
                    break;
                case UsageContent:
                    break;
                default:
                    throw Refused(content, message.Role, index);
            }
        }

        _messages.Add(TemplateMessage.Of(TemplateMessage.Assistant, text.ToString()) with
        {
            Name = NameOf(message),
            Reasoning = reasoning.ToString(),
            Calls = calls,
        });
    }

    // A call that was cut off or could not be read. Who runs calls marks those that were run in the same way, but they have results.
    private bool IsUnfinished(FunctionCallContent call) => call is { InformationalOnly: true, Arguments: null or { Count: 0 } } && !_answered.Contains(call.CallId);

    private void AddResults(ChatMessage message, int index)
    {
        bool any = false;
        foreach (AIContent content in message.Contents)
        {
            if (content is UsageContent || content is TextContent { Text.Length: 0 })
                continue;
            if (content is not FunctionResultContent result)
                throw Refused(content, message.Role, index);

            any = true;
            (string id, string name) = _calls.GetValueOrDefault(result.CallId, (result.CallId, string.Empty));
            _messages.Add(TemplateMessage.Of(TemplateMessage.Tool, ResultText.Of(result, index)) with { CallId = id, Name = name.Length > 0 ? name : null });
        }

        if (!any)
            throw new ArgumentException($"Message {index}, of the role 'tool', has no result. Give it a FunctionResultContent with the id of the call.", nameof(message));
    }

    private TemplateCall ToTemplate(FunctionCallContent call, int index)
    {
        string id = (_markup.Syntax.Calls?.Ids ?? CallIds.Any).Fit(call.CallId, call.Name, _calls.Count);
        _calls[call.CallId] = (id, call.Name);
        return new TemplateCall(id, call.Name, ArgumentsNode.From(call, index));
    }

    private static string? NameOf(ChatMessage message) => string.IsNullOrEmpty(message.AuthorName) ? null : message.AuthorName;

    private static NotSupportedException Refused(AIContent? content, ChatRole role, int index)
    {
        string advice = content switch
        {
            DataContent or UriContent => "The model reads text alone: leave the attachment out, or put what it says into text.",
            FunctionCallContent => "A call belongs into a message of the role 'assistant'.",
            FunctionResultContent => "A result belongs into a message of the role 'tool'.",
            TextReasoningContent => "Reasoning belongs into a message of the role 'assistant'.",
            TextContent => "A result of a tool belongs into a FunctionResultContent with the id of the call.",
            _ => "Leave it out.",
        };
        return new NotSupportedException(
            $"Message {index}, of the role '{role.Value}', has a {content?.GetType().Name ?? "content that is null"}, which cannot be put to the model. {advice}");
    }
}
