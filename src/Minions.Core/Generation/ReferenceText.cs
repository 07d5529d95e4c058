namespace Minions.Core.Generation;

/// <summary>
/// A text that an answer will probably repeat in part: a document that is being edited, a table to reformat, the answer that is expected. Drafts
/// guess by it (<see cref="GenerationOptions.ReferenceTexts"/>); it is no part of the prompt, and the model never sees it.
/// </summary>
/// <remarks>Immutable. A text converts to one by itself: <c>ReferenceTexts = [document]</c>.</remarks>
public sealed class ReferenceText
{
    /// <summary>The most characters of all texts of a request together: 1,048,576.</summary>
    public const int MaxCharacters = 1 << 20;

    /// <summary>The most ids of all texts of a request together: 262,144.</summary>
    public const int MaxTokens = 1 << 18;

#pragma warning disable RS0026 // The overloads differ in their first parameter.
    /// <summary>Takes a text, which the pipeline encodes with the target's tokenizer.</summary>
    /// <param name="text">The text.</param>
    /// <exception cref="ArgumentException">It is empty.</exception>
    public ReferenceText(string text)
    {
        ArgumentException.ThrowIfNullOrEmpty(text);
        Text = text;
    }

    /// <summary>Takes a text as ids of the target.</summary>
    /// <param name="ids">The ids; they are copied.</param>
    /// <exception cref="ArgumentException">There is none.</exception>
    public ReferenceText(IReadOnlyList<int> ids)
    {
        ArgumentNullException.ThrowIfNull(ids);
        if (ids.Count == 0)
            throw new ArgumentException("The reference text has no ids. Leave it out.", nameof(ids));
        Ids = (int[])[.. ids];
    }
#pragma warning restore RS0026

    /// <summary>The text, or <see langword="null"/> where it was given as ids.</summary>
    public string? Text { get; }

    /// <summary>The ids; empty where it was given as text.</summary>
    public ReadOnlyMemory<int> Ids { get; }

    /// <summary>Takes a text, as the constructor does.</summary>
    /// <param name="text">The text.</param>
    public static implicit operator ReferenceText(string text) => new(text);
}
