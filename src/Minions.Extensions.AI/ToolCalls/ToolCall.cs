namespace Minions.Extensions.AI.ToolCalls;

/// <summary>A call of a tool, as a model wrote it.</summary>
internal sealed record ToolCall
{
    /// <summary>The id, made here: those that models write count from 0 in every output, or repeat an example. No two calls share one.</summary>
    public required string Id { get; init; }

    /// <summary>The tool's name; empty when the output ended or went wrong before it.</summary>
    public required string Name { get; init; }

    /// <summary>
    /// The arguments as the text of a JSON object: as the model wrote it, where its format is JSON. When there is an <see cref="Error"/>, what the model
    /// wrote, with markup where that is not told apart.
    /// </summary>
    public required string ArgumentsText { get; init; }

    /// <summary>The arguments: JSON elements, and <see langword="null"/> for JSON's null. Nothing, when there is an <see cref="Error"/>.</summary>
    public IDictionary<string, object?>? Arguments { get; init; }

    /// <summary>Why the arguments cannot be used.</summary>
    public Exception? Error { get; init; }

    /// <summary>Whether the output ended inside the call.</summary>
    public bool IsCutOff { get; init; }
}
