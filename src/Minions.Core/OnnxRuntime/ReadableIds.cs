using Minions.Core.OnnxRuntime.Decoding;

namespace Minions.Core.OnnxRuntime;

/// <summary>
/// The ids that a draft has an embedding of, and the one it reads in place of all others. Targets know special tokens that their drafts do not;
/// an id without an embedding makes a run fail.
/// </summary>
/// <param name="count">Ids from 0 to this, exclusive, can be read.</param>
/// <param name="standIn">What is read in place of the others.</param>
internal sealed class ReadableIds(int count, int standIn)
{
    public static ReadableIds Of(OnnxDecoder decoder)
    {
        int count = decoder.Folder.EmbeddedIds > 0 ? decoder.Folder.EmbeddedIds : decoder.Signature.VocabularySize;
        return new ReadableIds(count, decoder.Folder.EndTokenIds.FirstOrDefault(id => id < count));
    }

    /// <summary>Whether the draft has an embedding of an id.</summary>
    public bool Holds(int id) => (uint)id < (uint)count;

    /// <summary>Makes the text that can be read.</summary>
    /// <param name="text">The text.</param>
    /// <param name="buffer">Memory for it, or <see langword="null"/>.</param>
    /// <param name="room">The ids that there must be room for.</param>
    /// <returns>The text with stand-ins, in the buffer or a larger one; <see langword="null"/> where it can be read as it is.</returns>
    public int[]? Replace(ReadOnlySpan<int> text, int[]? buffer, int room)
    {
        int at = text.IndexOfAnyExceptInRange(0, count - 1);
        if (at < 0)
            return null;

        int[] read = buffer is null || buffer.Length < room ? new int[Math.Max(room, 2 * text.Length)] : buffer;
        text.CopyTo(read);
        for (; at < text.Length; at++)
            read[at] = read[at] < count ? read[at] : standIn;
        return read;
    }
}
