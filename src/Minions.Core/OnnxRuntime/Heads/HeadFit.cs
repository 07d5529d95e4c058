using Minions.Core.OnnxRuntime.Decoding;
using Minions.Core.States;

namespace Minions.Core.OnnxRuntime.Heads;

/// <summary>Whether a head can guess for a target: whether that gives the states it reads, of the width it reads, and has its vocabulary.</summary>
internal sealed class HeadFit(HeadLayout layout, DecoderSignature signature)
{
    /// <summary>The width of the joined states that the head reads.</summary>
    private int StatesWidth => signature.RowInputs.First(input => input.Name == layout.StatesInput).Width;

    /// <returns>A sentence that says what does not fit and what to do, or null.</returns>
    public string? FindMisfit(ITargetVerifier target)
    {
        if (target.States is not { } states)
        {
            return $"it reads the states {layout.ListStates()} of the target, and {target.GetType().Name} gives none: name them in the target's options (States), "
                + "and where it is wrapped, pass States on, as DelegatingTargetVerifier does";
        }

        if (layout.States.FirstOrDefault(state => states.OffsetOf(state) < 0) is { } missing)
        {
            return $"it reads the state '{missing}' of the target, which gives {string.Join(", ", states.Parts.Select(part => $"'{part.Name}'"))}: "
                + "name it in the target's options (States)";
        }

        StatePart[] read = [.. layout.States.Select(state => states.Parts.First(part => part.Name == state))];
        if (read.Sum(part => part.Width) != StatesWidth)
        {
            return $"its input '{layout.StatesInput}' takes rows of {StatesWidth} numbers, and the target's states have "
                + $"{string.Join(" + ", read.Select(part => part.Width))}: it was made for another target, or for other states";
        }

        int vocabulary = signature.VocabularySize;
        bool fits = layout.Folder.TokenOfColumn is null && !layout.BorrowsHeadMatrix ? vocabulary == target.VocabularySize : layout.BorrowsHeadMatrix || vocabulary <= target.VocabularySize;
        if (!fits)
            return $"its logits are of {vocabulary} tokens, and the target's of {target.VocabularySize}: it was made for another target";
        return layout.TargetVocabulary != 0 && layout.TargetVocabulary != target.VocabularySize
            ? $"it was made for a target of {layout.TargetVocabulary} tokens, and this one has {target.VocabularySize}"
            : null;
    }
}
