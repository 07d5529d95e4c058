using System.Text.Json.Nodes;
using Minions.Extensions.AI.ToolCalls.Learning;

namespace Minions.Extensions.AI.ToolCalls.Messages;

/// <summary>Tells the model of tools where its template does not, and how to call them.</summary>
internal static class ToolAnnouncement
{
    /// <summary>Writes it for the system message.</summary>
    /// <param name="tools">The tools, as templates expect them.</param>
    /// <param name="rendered">What the template renders of the probing call, which shows how the model writes calls; null for JSON between <c>&lt;tool_call&gt;</c> tags, which most open models know.</param>
    public static MarkedText Of(JsonArray tools, string? rendered)
    {
        string signatures = string.Concat(tools.Select(tool => tool!.ToJsonString(TemplateJson.Unescaped) + "\n"));
        MarkedText text = MarkedText.Content($"You can call functions. Their signatures, one JSON object a line:\n<tools>\n{signatures}</tools>\n");
        return rendered is null
            ? text + "To call one, answer with a JSON object of its name and arguments, between tags:\n"
                + MarkedText.Markup("<tool_call>") + "\n{\"name\": \"...\", \"arguments\": {...}}\n" + MarkedText.Markup("</tool_call>")
            : text + "To call one, answer in exactly this form:\n" + MarkedText.Markup(Example(rendered));
    }

    /// <summary>The tools for a template that looks for them in the system message: their functions, as JSON.</summary>
    public static string AsJson(JsonArray tools) =>
        new JsonArray([.. tools.Select(tool => tool!["function"]!.DeepClone())]).ToJsonString(TemplateJson.Unescaped);

    private static string Example(string rendered) => rendered.Trim()
        .Replace(ProbeCall.Name, "function_name", StringComparison.Ordinal)
        .Replace(ProbeCall.FirstKey, "first_parameter", StringComparison.Ordinal)
        .Replace(ProbeCall.FirstValue(0), "text", StringComparison.Ordinal)
        .Replace(ProbeCall.SecondKey, "second_parameter", StringComparison.Ordinal)
        .Replace(ProbeCall.SecondValue(0), "1", StringComparison.Ordinal);
}
