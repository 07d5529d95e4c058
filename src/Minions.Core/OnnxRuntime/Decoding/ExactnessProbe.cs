using Minions.Core.Verification;

namespace Minions.Core.OnnxRuntime.Decoding;

/// <summary>
/// Finds out whether a model on this machine computes the same logits, bit for bit, however a text is split into runs of two rows or more.
/// Operators that are known to mix rows are refused unseen; everything else is tried with the session's real threads.
/// </summary>
internal static class ExactnessProbe
{
    private const int ShortText = 36;
    private static readonly int[] Widths = [2, 3, 5, 17];

    public static Exactness Run(OnnxDecoder decoder, CancellationToken cancellationToken)
    {
        if (decoder.CrossRowOperator is { } mixing)
            return Exactness.NotAvailable($"the graph has {mixing}, which lets a row's result depend on the other rows of its run");

        // Each kind of rotary factors is tried by itself. No text that takes those of short ones is longer than these are made for.
        int context = decoder.Folder.ContextLength;
        int longestShort = decoder.Signature.LongestShortText;
        if (FindDifference(decoder, Math.Min(context, longestShort), usesLongFactors: false, cancellationToken) is { } difference)
            return Exactness.NotAvailable(difference);
        return longestShort < context && FindDifference(decoder, context, usesLongFactors: true, cancellationToken) is { } ofLong
            ? Exactness.NotAvailable(ofLong)
            : Exactness.Guaranteed;
    }

    private static string? FindDifference(OnnxDecoder decoder, int room, bool usesLongFactors, CancellationToken cancellationToken)
    {
        if (Differs(decoder, Math.Min(ShortText, room), usesLongFactors, Widths, cancellationToken) is { } width)
            return $"on {decoder.Device} the logits of runs {width} rows wide differ from those of one run of the whole text";

        int longText = Math.Min(OnnxDecoder.ProbeLength, room);
        return longText > ShortText && Differs(decoder, longText, usesLongFactors, [OnnxDecoder.PrefillChunk], cancellationToken) is { } chunk
            ? $"on {decoder.Device} the logits of runs {chunk} rows wide (the chunks of long prompts) differ from those of narrower runs"
            : null;
    }

    private static int? Differs(OnnxDecoder decoder, int length, bool usesLongFactors, int[] widths, CancellationToken cancellationToken)
    {
        if (length < 4)
            return null;

        while (decoder.Signature.LeavesOneRow(length))
            length--;
        int[] text = Text(length, decoder.Signature.VocabularySize);
        using KvCache whole = decoder.OpenCache();
        whole.UsesLongFactors = usesLongFactors;
        whole.Reserve(length, 0);
        whole.Run(text, 0);
        foreach (int width in widths.Where(width => width < length))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (!Equals(whole, decoder, text, width))
                return width;
        }

        return null;
    }

    private static bool Equals(KvCache whole, OnnxDecoder decoder, int[] text, int width)
    {
        using KvCache parts = decoder.OpenCache();
        parts.UsesLongFactors = whole.UsesLongFactors;
        parts.Reserve(text.Length, 0);
        int pieces = 0;
        for (int start = 0; start < text.Length;)
        {
            // The last run must not be one row wide either.
            int left = text.Length - start;
            int rows = left - width == 1 ? Math.Max(2, width - 1) : Math.Min(width, left);
            rows = left == 3 ? 3 : rows;
            while (rows > 3 && (left - rows == 1 || parts.LeavesOneRow(rows)))
                rows--;

            // Every other run computes the logits of its last rows only, as those of prompts do.
            int wanted = pieces++ % 2 == 0 ? rows : 2;
            parts.Run(text.AsSpan(start, rows), start, wanted);
            for (int row = rows - wanted; row < rows; row++)
            {
                // Bits, not values: a zero with another sign or another NaN would be a difference, too.
                if (!SameBits(whole.Logits(start + row), parts.Logits(row)))
                    return false;
            }

            start += rows;
        }

        return true;
    }

    private static bool SameBits(ReadOnlySpan<float> one, ReadOnlySpan<float> other) =>
        System.Runtime.InteropServices.MemoryMarshal.AsBytes(one).SequenceEqual(System.Runtime.InteropServices.MemoryMarshal.AsBytes(other));

    /// <summary>Ids spread over the whole vocabulary, the same on every machine.</summary>
    public static int[] Text(int length, int vocabularySize, int seed = 0)
    {
        int[] text = new int[length];
        for (int i = 0; i < length; i++)
            text[i] = (int)((i + 1 + (seed * 1009L)) * 2654435761L % vocabularySize);
        return text;
    }
}
