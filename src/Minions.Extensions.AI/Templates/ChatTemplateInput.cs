using System.Text.Json.Nodes;

namespace Minions.Extensions.AI.Templates;

/// <summary>What a template is rendered for. It is only read, but its trees must not be changed meanwhile.</summary>
public sealed class ChatTemplateInput
{
    /// <summary>
    /// The messages: objects with <c>role</c>, <c>content</c> (a string, <see langword="null"/> or a list of parts) and whatever else the template
    /// reads, such as <c>tool_calls</c>.
    /// </summary>
    public required JsonArray Messages { get; init; }

    /// <summary>The tools in the form <c>{"type": "function", "function": {...}}</c>, or <see langword="null"/>, which templates see as <c>none</c>.</summary>
    public JsonArray? Tools { get; init; }

    /// <summary>Documents that the answer is to draw on, or <see langword="null"/>, which templates see as <c>none</c>.</summary>
    public JsonArray? Documents { get; init; }

    /// <summary>Whether the prompt ends with the beginning of the model's turn.</summary>
    /// <value>The default value is <see langword="true"/>.</value>
    public bool AddGenerationPrompt { get; init; } = true;

    /// <summary>
    /// Further variables, such as <c>bos_token</c> or <c>enable_thinking</c>. They are taken to be part of the template: special tokens in them stay
    /// special.
    /// </summary>
    public JsonObject? Variables { get; init; }

    /// <summary>Where the contents of messages, by index, hold markup of the model's own: special tokens stay special there.</summary>
    internal IReadOnlyDictionary<int, Range[]>? ContentMarkup { get; init; }
}
