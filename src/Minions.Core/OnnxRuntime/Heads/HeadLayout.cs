using Minions.Core.OnnxRuntime.Folder;

namespace Minions.Core.OnnxRuntime.Heads;

/// <summary>
/// What a head's files say: the decoder in them, and what it reads of the target. Three layouts are known: EAGLE-3 with an embedding of its own or
/// the target's, multi-token prediction of ONNX Runtime GenAI, and multi-token prediction that borrows embedding and head matrix.
/// </summary>
internal sealed record HeadLayout
{
    /// <summary>The head's decoder, its inputs and outputs with a row for each id in <see cref="DecoderNames.RowInputs"/> and <see cref="DecoderNames.RowOutputs"/>.</summary>
    public required ModelFolder Folder { get; init; }

    /// <summary>The target's states that it reads, joined in this order.</summary>
    public required IReadOnlyList<string> States { get; init; }

    /// <summary>The input for rows of the target's embedding, or <see langword="null"/> where the head takes ids.</summary>
    public string? EmbeddingInput { get; init; }

    /// <summary>The input for the target's states.</summary>
    public required string StatesInput { get; init; }

    /// <summary>The input that its own state comes back by in a chain; <see langword="null"/> where that is <see cref="StatesInput"/>.</summary>
    public string? RecycledInput { get; init; }

    /// <summary>The output of its own state.</summary>
    public required string HiddenOutput { get; init; }

    /// <summary>Whether the target's head matrix makes logits of its state; else it has logits of its own.</summary>
    public bool BorrowsHeadMatrix { get; init; }

    /// <summary>The folder of the target that it was made for, or <see langword="null"/> where that is not known.</summary>
    public string? TargetFolder { get; init; }

    /// <summary>The width of the states of the target that it was made for, or 0 where nothing says.</summary>
    public int TargetWidth { get; init; }

    /// <summary>The vocabulary of the target that it was made for, or 0 where nothing says.</summary>
    public int TargetVocabulary { get; init; }

    /// <summary>What the files name: the states that the target has to give, for a message.</summary>
    public string ListStates() => string.Join(", ", States.Select(state => $"'{state}'"));
}
