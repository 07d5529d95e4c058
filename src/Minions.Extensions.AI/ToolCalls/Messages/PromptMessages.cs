using System.Text.Json.Nodes;

namespace Minions.Extensions.AI.ToolCalls.Messages;

/// <summary>A conversation as a template is given it.</summary>
/// <param name="Messages">The messages.</param>
/// <param name="Tools">The tools for the template's variable, if they go there.</param>
/// <param name="ContentMarkup">Where the contents of messages, by index, hold markup.</param>
internal sealed record PromptMessages(JsonArray Messages, JsonArray? Tools, IReadOnlyDictionary<int, Range[]> ContentMarkup);
