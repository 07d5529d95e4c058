using Minions.Core.OnnxRuntime.Decoding;
using Minions.Core.States;

namespace Minions.Core.OnnxRuntime.Heads;

/// <summary>Whether a head can guess for a target: whether that gives the states it reads, of the width it reads, and has its vocabulary.</summary>
internal sealed class HeadFit(LoadedHead head)
{
    private readonly HeadLayout _layout = head.Layout;
    private readonly DecoderSignature _signature = head.Packed.Decoder.Signature;

    /// <returns>A sentence that says what does not fit and what to do, or null.</returns>
    public string? FindMisfit(ITargetVerifier target)
    {
        if (target.States is not { } states)
        {
            return $"it reads the states {_layout.ListStates()} of the target, and {target.GetType().Name} gives none: name them in the target's options (States), "
                + "and where it is wrapped, pass States on, as DelegatingTargetVerifier does";
        }

        if (_layout.States.FirstOrDefault(state => states.OffsetOf(state) < 0) is { } missing)
        {
            return $"it reads the state '{missing}' of the target, which gives {string.Join(", ", states.Parts.Select(part => $"'{part.Name}'"))}: "
                + "name it in the target's options (States)";
        }

        StatePart[] read = [.. _layout.States.Select(state => states.Parts.First(part => part.Name == state))];
        if (_layout.TargetWidth != 0 && Array.Find(read, part => part.Width != _layout.TargetWidth) is { Width: > 0 } other)
            return $"it was made for a target whose states have {_layout.TargetWidth} numbers, and '{other.Name}' of this one has {other.Width}";
        if (read.Sum(part => part.Width) != WidthOf(_layout.StatesInput))
        {
            return $"its input '{_layout.StatesInput}' takes rows of {WidthOf(_layout.StatesInput)} numbers, and the target's states have "
                + $"{string.Join(" + ", read.Select(part => part.Width))}: it was made for another target, or for other states";
        }

        if (head.Parts.Embedding is { } embedding && embedding.OutputRow.Width != WidthOf(_layout.EmbeddingInput!))
            return $"its input '{_layout.EmbeddingInput}' takes rows of {WidthOf(_layout.EmbeddingInput!)} numbers, and the target's embedding has {embedding.OutputRow.Width}: it was made for another target";
        if (head.Parts.Matrix is { } matrix && matrix.InputWidth != _signature.LogitsWidth)
            return $"its state '{_layout.HiddenOutput}' has {_signature.LogitsWidth} numbers, and the target's head matrix takes {matrix.InputWidth}: it was made for another target";

        int own = _signature.RowOutputs.Count > 0 ? _signature.RowOutputs[0].Width : _signature.LogitsWidth;
        string recycled = _layout.RecycledInput ?? _layout.StatesInput;
        if (WidthOf(recycled) != own)
            return $"its own state '{_layout.HiddenOutput}' has {own} numbers and comes back by '{recycled}', which takes {WidthOf(recycled)}: its files are of two heads, or name the wrong tensors";
        if (_layout.EmbeddingInput is null && head.Packed.Decoder.Folder.EmbeddedIds is > 0 and var embedded && embedded < target.VocabularySize)
            return $"its embedding has {embedded} ids, and the target's vocabulary {target.VocabularySize}: it was made for another target";

        // A table of tokens need not reach to the last one.
        int vocabulary = head.Parts.Matrix?.OutputRow.Width ?? _signature.VocabularySize;
        if (_layout.Folder.TokenOfColumn is null ? vocabulary != target.VocabularySize : vocabulary > target.VocabularySize)
            return $"its logits are of {vocabulary} tokens, and the target's of {target.VocabularySize}: it was made for another target";
        return _layout.TargetVocabulary != 0 && _layout.TargetVocabulary != target.VocabularySize
            ? $"it was made for a target of {_layout.TargetVocabulary} tokens, and this one has {target.VocabularySize}"
            : null;
    }

    private int WidthOf(string input) => _signature.RowInputs.First(tensor => tensor.Name == input).Width;
}
