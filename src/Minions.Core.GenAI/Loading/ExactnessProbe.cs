using System.Runtime.InteropServices;
using Minions.Core.GenAI.Sequences;
using Minions.Core.OnnxRuntime;
using Minions.Core.Verification;

namespace Minions.Core.GenAI.Loading;

/// <summary>Finds out whether a model on this machine computes the same logits, bit for bit, however a text is split into runs of two rows or more.</summary>
internal static class ExactnessProbe
{
    private const int ShortText = 36;
    private const int LongText = (2 * GenAISequence.ChunkRows) + 22;
    private static readonly int[] Widths = [2, 3, 5, 17];

    /// <remarks>Operators that are known to mix rows are refused unseen; everything else is tried, with each adapter too.</remarks>
    public static Exactness Run(GenAIModel model, CancellationToken cancellationToken)
    {
        string file = Path.Combine(model.Folder, model.Configuration.ModelFile);
        if (File.Exists(file) && ModelFolderFiles.FindCrossRowOperator(file, ignoresBranches: model.Configuration.IsShortened) is { } mixing)
            return Exactness.NotAvailable($"the graph has {mixing}, which lets a row's result depend on the other rows of its run");

        foreach (string? adapter in model.AdapterNames.Prepend(null))
        {
            if (FindDifference(model, adapter, cancellationToken) is { } width)
            {
                string with = adapter is null ? "" : $" with adapter '{adapter}'";
                return Exactness.NotAvailable($"on {model.Provider}{with} the logits of runs {width} rows wide differ from those of one run of the whole text");
            }
        }

        return Exactness.Guaranteed;
    }

    /// <summary>Ids spread over the whole vocabulary, the same on every machine.</summary>
    public static int[] Text(int length, int vocabularySize) => [.. Enumerable.Range(1, length).Select(place => (int)(place * 2654435761L % vocabularySize))];

    private static int? FindDifference(GenAIModel model, string? adapter, CancellationToken cancellationToken)
    {
        int room = model.Configuration.UsableLength;
        return FindDifference(model, adapter, Math.Min(ShortText, room), Widths, cancellationToken)
            ?? (room > ShortText ? FindDifference(model, adapter, Math.Min(LongText, room), [GenAISequence.ChunkRows], cancellationToken) : null);
    }

    private static int? FindDifference(GenAIModel model, string? adapter, int length, int[] widths, CancellationToken cancellationToken)
    {
        while (model.Configuration.LeavesOneRow(length))
            length--;
        if (length < 4)
            return null;

        int[] text = Text(length, model.Configuration.VocabularySize);
        using GenAIGenerator whole = model.OpenGenerator(length, adapter);
        whole.Append(text);
        using LogitsRows rows = whole.ReadRows();
        foreach (int width in widths.Where(width => width < length))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (!Equals(rows, model, adapter, text, width))
                return width;
        }

        return null;
    }

    private static bool Equals(LogitsRows whole, GenAIModel model, string? adapter, int[] text, int width)
    {
        using GenAIGenerator generator = model.OpenGenerator(text.Length, adapter);
        for (int start = 0; start < text.Length;)
        {
            // The last run must not be one row wide either.
            int left = text.Length - start;
            int count = left - width == 1 ? Math.Max(2, width - 1) : Math.Min(width, left);
            count = left == 3 ? 3 : count;
            while (count > 3 && (left - count == 1 || model.Configuration.LeavesOneRow(count)))
                count--;
            generator.Append(text.AsSpan(start, count));
            start += count;

            // Where a run gives its last row alone, only that of the last run can be compared.
            if (whole.Count < text.Length && start < text.Length)
                continue;

            using LogitsRows part = generator.ReadRows();
            for (int row = 1; row <= part.Count; row++)
            {
                int place = whole.Count == text.Length ? start - row : whole.Count - row;
                if (!SameBits(whole[place], part[part.Count - row]))
                    return false;
            }
        }

        return true;
    }

    // Bits, not values: a zero with another sign would be a difference, too.
    private static bool SameBits(ReadOnlySpan<float> one, ReadOnlySpan<float> other) => MemoryMarshal.AsBytes(one).SequenceEqual(MemoryMarshal.AsBytes(other));
}
