using System.Text;
using System.Text.Json.Nodes;
using Minions.Extensions.AI.ToolCalls;

namespace Minions.Extensions.AI.Chat;

/// <summary>
/// Puts tools, calls and results into the text of messages, for models whose template knows nothing of them: in the form that most open models were shown,
/// JSON between <c>&lt;tool_call&gt;</c> tags.
/// </summary>
internal static class ToolsInText
{
    /// <summary>Rewrites messages; those without calls and results stay as they are.</summary>
    /// <param name="messages">The messages as templates expect them.</param>
    /// <param name="tools">The tools that are offered, or null.</param>
    public static JsonArray Put(JsonArray messages, JsonArray? tools)
    {
        var put = new JsonArray();
        foreach (JsonNode? message in messages)
            put.Add((JsonNode?)Put(message!.AsObject()));
        if (tools is not null)
            Announce(put, tools);
        return put;
    }

    private static JsonObject Put(JsonObject message)
    {
        if ((string?)message["role"] == "tool")
            return Of("user", $"<tool_response>\n{(string?)message["content"]}\n</tool_response>");
        if (message["tool_calls"] is not JsonArray calls)
            return (JsonObject)message.DeepClone();

        var text = new StringBuilder((string?)message["content"]);
        foreach (JsonNode? call in calls)
        {
            JsonNode function = call!["function"]!;
            var written = new JsonObject { ["name"] = function["name"]!.DeepClone(), ["arguments"] = function["arguments"]?.DeepClone() ?? new JsonObject() };
            text.Append(text.Length == 0 ? "" : "\n").Append("<tool_call>\n").Append(written.ToJsonString(TemplateJson.Unescaped)).Append("\n</tool_call>");
        }

        return Of("assistant", text.ToString());
    }

    private static void Announce(JsonArray messages, JsonArray tools)
    {
        var text = new StringBuilder("You can call functions. Their signatures, one JSON object a line:\n<tools>\n");
        foreach (JsonNode? tool in tools)
            text.Append(tool!.ToJsonString(TemplateJson.Unescaped)).Append('\n');
        text.Append("</tools>\nTo call one, answer with a JSON object of its name and arguments, between tags:\n<tool_call>\n{\"name\": \"...\", \"arguments\": {...}}\n</tool_call>");
        SystemMessage.Put(messages, own => own is null ? text.ToString() : $"{own}\n\n{text}");
    }

    private static JsonObject Of(string role, string content) => new() { ["role"] = role, ["content"] = content };
}
