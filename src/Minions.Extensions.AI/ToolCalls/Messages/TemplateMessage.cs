using System.Text.Json.Nodes;
using Minions.Extensions.AI.ToolCalls.Learning;

namespace Minions.Extensions.AI.ToolCalls.Messages;

/// <summary>A message of a conversation on its way to a chat template.</summary>
/// <param name="Role">The role.</param>
/// <param name="Content">The text.</param>
internal sealed record TemplateMessage(string Role, MarkedText Content)
{
    public const string System = "system";
    public const string Developer = "developer";
    public const string User = "user";
    public const string Assistant = "assistant";
    public const string Tool = "tool";

    /// <summary>Who wrote it, or the name of the tool that was called.</summary>
    public string? Name { get; init; }

    /// <summary>What the assistant thought.</summary>
    public string Reasoning { get; init; } = string.Empty;

    /// <summary>What the assistant called.</summary>
    public IReadOnlyList<TemplateCall> Calls { get; init; } = [];

    /// <summary>The id of the call that this is the result of.</summary>
    public string? CallId { get; init; }

    /// <summary>The tools as JSON, for the templates that look for them in the system message.</summary>
    public string? Tools { get; init; }

    /// <summary>Puts a message that has nothing but a text.</summary>
    public static TemplateMessage Of(string role, string text) => new(role, MarkedText.Content(text));

    /// <summary>The message as the template wants it.</summary>
    public JsonObject ToJson(ChatMarkup markup)
    {
        JsonObject target = new() { ["role"] = Role };
        if (CallId is not null)
            target["tool_call_id"] = CallId;
        if (Name is not null)
            target["name"] = Name;
        target["content"] = Calls.Count > 0 && Content.IsEmpty && markup.NoContentBesideCalls ? null : Content.Text;
        if (Tools is not null)
            target["tools"] = Tools;
        if (Reasoning.Length > 0)
            target[markup.ReasoningField] = Reasoning;
        if (Calls.Count > 0)
            target["tool_calls"] = new JsonArray([.. Calls.Select(call => call.ToJson(markup.ArgumentsAsText))]);
        return target;
    }
}

/// <summary>A call of a tool.</summary>
/// <param name="Id">Its id, as the template wants it.</param>
/// <param name="Name">The tool.</param>
/// <param name="Arguments">What it is called with.</param>
internal sealed record TemplateCall(string Id, string Name, JsonObject Arguments)
{
    /// <summary>The call as the template wants it.</summary>
    public JsonObject ToJson(bool argumentsAsText) => new()
    {
        ["id"] = Id,
        ["type"] = "function",
        ["function"] = new JsonObject
        {
            ["name"] = Name,
            ["arguments"] = argumentsAsText ? Arguments.ToJsonString(TemplateJson.Unescaped) : Arguments.DeepClone(),
        },
    };
}
