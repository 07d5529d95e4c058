using System.Text.Json;
using Microsoft.Extensions.AI;

namespace Minions.Extensions.AI.ToolCalls.Messages;

/// <summary>The text of what a tool returned: a string as it is, anything else as JSON; where it returned nothing but an exception, what that says.</summary>
internal static class ResultText
{
    /// <summary>The text of a result.</summary>
    /// <param name="result">The result.</param>
    /// <param name="index">The index of its message.</param>
    /// <exception cref="NotSupportedException">The result cannot be written as text.</exception>
    public static string Of(FunctionResultContent result, int index) => result.Result switch
    {
        null when result.Exception is { } exception => $"Error: {exception.GetType().Name}: {exception.Message}",
        string text => text,
        JsonElement { ValueKind: JsonValueKind.String } text => text.GetString()!,
        TextContent text => text.Text,
        IEnumerable<AIContent> contents => string.Concat(contents.Select(content => OfContent(content, index))),
        AIContent content => OfContent(content, index),
        _ => JsonValues.ToNode(result.Result, $"The result of the call '{result.CallId}' in message {index}")?.ToJsonString(TemplateJson.Unescaped) ?? "null",
    };

    private static string OfContent(AIContent content, int index) => content is TextContent text
        ? text.Text
        : throw new NotSupportedException(
            $"The result in message {index} has a {content.GetType().Name}. The model reads text alone: have the tool return text or JSON.");
}
