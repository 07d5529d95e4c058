using System.Text.Json.Nodes;

namespace Minions.Extensions.AI.ToolCalls.Learning;

/// <summary>Asks a chat template for what it renders of an assistant's message.</summary>
internal sealed class TemplateProbe
{
    /// <summary>The text of the answer in the probing conversation.</summary>
    public const string Answer = "zq answer";

    private const string Question = "zq question";

    private readonly TemplateRender _render;

    public TemplateProbe(TemplateRender render)
    {
        _render = render;
    }

    /// <summary>What is rendered of a message that only answers.</summary>
    public string? Plain() => Tail(Assistant(Answer));

    /// <summary>What is rendered of a message with reasoning.</summary>
    public string? WithReasoning(string field, string reasoning, bool withCall)
    {
        JsonObject message = withCall ? WithCalls(new CallForm(false, ContentForm.Text, ProbeCall.Ids[0]), 1) : Assistant(Answer);
        message[field] = reasoning;
        return Tail(message);
    }

    /// <summary>What is rendered of calls, without what would also be there for a message that only answers.</summary>
    /// <param name="form">How the message is put.</param>
    /// <param name="count">How many calls.</param>
    /// <returns><see langword="null"/> when the template refuses the message or leaves the calls out.</returns>
    public string? Calls(CallForm form, int count)
    {
        if (Tail(WithCalls(form, count)) is not { } rendered || !rendered.Contains(ProbeCall.Name, StringComparison.Ordinal))
            return null;

        return Difference(Plain() ?? string.Empty, rendered);
    }

    private static JsonObject Assistant(string? content) => new() { ["role"] = "assistant", ["content"] = content };

    private static JsonObject WithCalls(CallForm form, int count)
    {
        JsonObject message = Assistant(form.Content switch { ContentForm.Text => Answer, ContentForm.Empty => string.Empty, _ => null });
        JsonArray calls = [];
        for (int i = 0; i < count; i++)
        {
            JsonObject arguments = ProbeCall.Arguments(i);
            calls.Add((JsonNode)new JsonObject
            {
                ["id"] = form.Id(i),
                ["type"] = "function",
                ["function"] = new JsonObject
                {
                    ["name"] = ProbeCall.Name,
                    ["arguments"] = form.ArgumentsAsText ? arguments.ToJsonString(TemplateJson.Unescaped) : arguments,
                },
            });
        }

        message["tool_calls"] = calls;
        return message;
    }

    // What is rendered behind the question, where the declaration of the tool has been left behind.
    private string? Tail(JsonObject message)
    {
        // A collection expression would call the generic Add, which trimming and native code rule out.
        var messages = new JsonArray(new JsonObject { ["role"] = "user", ["content"] = Question }, message);
        string rendered;
        try
        {
            rendered = _render(messages, ProbeCall.Tools.ToTemplate(), false);
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            // The template does not want such a message. What it does want is asked next.
            return null;
        }

        int at = rendered.LastIndexOf(Question, StringComparison.Ordinal);
        return at < 0 ? null : rendered[(at + Question.Length)..];
    }

    private static string Difference(string plain, string rendered)
    {
        int answer = plain.IndexOf(Answer, StringComparison.Ordinal);
        string head = answer < 0 ? string.Empty : plain[..answer];
        string foot = answer < 0 ? string.Empty : plain[(answer + Answer.Length)..];

        int at = rendered.IndexOf(Answer, StringComparison.Ordinal);
        int call = rendered.IndexOf(ProbeCall.Name, StringComparison.Ordinal);
        if (at > call && rendered.StartsWith(head, StringComparison.Ordinal))
            return rendered[head.Length..at];

        string body = at >= 0 ? rendered[(at + Answer.Length)..]
            : rendered.StartsWith(head.TrimEnd(), StringComparison.Ordinal) ? rendered[head.TrimEnd().Length..]
            : rendered[MarkupEdges.CommonStart(plain, rendered)..];
        if (!string.IsNullOrWhiteSpace(foot) && body.StartsWith(foot, StringComparison.Ordinal))
        {
            // The text has become a turn of its own: the calls are in the next one.
            body = body[foot.Length..];
            body = body[MarkupEdges.StartFoundIn(body, head)..];
        }

        int end = body.EndsWith(foot, StringComparison.Ordinal) ? foot.Length : MarkupEdges.CommonEnd(foot, body);
        return body[..^end];
    }
}
