using System.Text.Json.Nodes;
using Microsoft.Extensions.AI;

namespace Minions.Extensions.AI.ToolCalls.Messages;

/// <summary>The arguments of a call in the history, as JSON.</summary>
internal static class ArgumentsNode
{
    /// <summary>Puts the arguments of a call. A call whose arguments could not be read has none.</summary>
    /// <param name="call">The call.</param>
    /// <param name="index">The index of its message.</param>
    /// <exception cref="NotSupportedException">A value cannot be written as JSON.</exception>
    public static JsonObject From(FunctionCallContent call, int index)
    {
        JsonObject arguments = [];
        foreach ((string name, object? value) in call.Arguments ?? new Dictionary<string, object?>())
            arguments[name] = JsonValues.ToNode(value, $"The argument '{name}' of the call '{call.Name}' in message {index}");

        return arguments;
    }
}
