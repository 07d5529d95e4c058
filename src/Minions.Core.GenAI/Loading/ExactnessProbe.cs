using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntimeGenAI;
using Minions.Core.GenAI.Sequences;
using Minions.Core.Verification;

namespace Minions.Core.GenAI.Loading;

/// <summary>Finds out whether a model on this machine computes the same logits, bit for bit, however a text is split into runs of two rows or more.</summary>
internal static class ExactnessProbe
{
    private const int ShortText = 36;
    private const int LongText = (2 * GenAISequence.ChunkRows) + 22;
    private static readonly int[] Widths = [2, 3, 5, 17];

    /// <exception cref="ModelLoadException">A run failed.</exception>
    public static Exactness Run(GenAIModel model, CancellationToken cancellationToken)
    {
        try
        {
            int room = model.Configuration.UsableLength;
            return FindDifference(model, Math.Min(ShortText, room), Widths, cancellationToken) is { } width ? Exactness.NotAvailable(Reason(width))
                : room > ShortText && FindDifference(model, Math.Min(LongText, room), [GenAISequence.ChunkRows], cancellationToken) is { } chunk ? Exactness.NotAvailable(Reason(chunk))
                : Exactness.Guaranteed;
        }
        catch (OnnxRuntimeGenAIException fault)
        {
            throw new ModelLoadException($"The model '{model.Folder}' failed while its exactness was tried: {fault.Message}", model.Folder, fault);
        }

        string Reason(int width) => $"on {model.Provider} the logits of runs {width} rows wide differ from those of one run of the whole text";
    }

    /// <summary>Ids spread over the whole vocabulary, the same on every machine.</summary>
    public static int[] Text(int length, int vocabularySize) => [.. Enumerable.Range(1, length).Select(place => (int)(place * 2654435761L % vocabularySize))];

    private static int? FindDifference(GenAIModel model, int length, int[] widths, CancellationToken cancellationToken)
    {
        if (length < 4)
            return null;

        int[] text = Text(length, model.Configuration.VocabularySize);
        using GenAIGenerator whole = model.OpenGenerator(length, adapter: null);
        whole.Append(text);
        using LogitsRows rows = whole.ReadRows();
        foreach (int width in widths.Where(width => width < length))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (!Equals(rows, model, text, width))
                return width;
        }

        return null;
    }

    private static bool Equals(LogitsRows whole, GenAIModel model, int[] text, int width)
    {
        using GenAIGenerator generator = model.OpenGenerator(text.Length, adapter: null);
        for (int start = 0; start < text.Length;)
        {
            // The last run must not be one row wide either.
            int left = text.Length - start;
            int count = left - width == 1 ? Math.Max(2, width - 1) : Math.Min(width, left);
            count = left == 3 ? 3 : count;
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
