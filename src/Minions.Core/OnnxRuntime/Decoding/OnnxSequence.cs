using Minions.Core.Generation;

namespace Minions.Core.OnnxRuntime.Decoding;

/// <summary>
/// One request's text in a model: a cache and the ids that were run into it. Whoever wants logits names all ids of the text; the sequence
/// goes back to the longest prefix it shares with them and runs the rest, so that rejected guesses, cancelled runs and failures need no
/// protocol of their own. Owns its cache. Used by one thread at a time.
/// </summary>
internal sealed class OnnxSequence(DecoderCache cache, bool bitIdentical) : ITargetSequence, IReusableSequence
{
    private bool _bitIdentical = bitIdentical;
    private int[] _ids = new int[256];
    private int _length;

    // Entries from here on were written by a run of one row, whose sums round differently; a bit-identical text must not build on them.
    private int _exactLength;

    private int _chunkStart;
    private int _chunkEnd;

    public void Reopen(SequenceOptions options) => _bitIdentical = options.BitIdentical;

    /// <summary>The ids that were run, in order.</summary>
    public ReadOnlySpan<int> Ids => _ids.AsSpan(0, _length);

    /// <summary>
    /// Takes the text up to its end, chunk by chunk; after each chunk the logits of its rows can be read. Begin with
    /// <see cref="Rewind"/>, then call <see cref="RunChunk"/> until it answers <see langword="false"/>.
    /// </summary>
    /// <param name="ids">All ids of the text.</param>
    /// <param name="rowsWanted">How many of the last ids' logits are wanted: these are run even if they were before.</param>
    public void Rewind(ReadOnlySpan<int> ids, int rowsWanted)
    {
        int shared = Ids.CommonPrefixLength(ids);
        if (_bitIdentical)
            shared = Math.Min(shared, _exactLength);
        int start = Math.Min(shared, ids.Length - rowsWanted);

        // Two rows at least: the second comes from running the last id before once more.
        if (_bitIdentical && start > ids.Length - 2 && start < ids.Length)
            start = Math.Max(0, ids.Length - 2);
        CutTo(start);

        // One more for the filler behind a text of a single id.
        int kept = cache.Reserve(Math.Max(ids.Length, _bitIdentical ? 2 : 1), start);
        CutTo(kept);
        _chunkStart = _chunkEnd = _length;
    }

    /// <summary>Runs the next chunk of the text.</summary>
    /// <param name="ids">The same ids as for <see cref="Rewind"/>.</param>
    /// <returns><see langword="false"/> when the text had been run to its end.</returns>
    public bool RunChunk(ReadOnlySpan<int> ids)
    {
        int left = ids.Length - _length;
        if (left == 0)
            return false;

        int rows = Math.Min(left, OnnxDecoder.PrefillChunk);
        if (_bitIdentical && left - rows == 1)
            rows--;

        int start = _length;
        ReadOnlySpan<int> chunk = ids.Slice(start, rows);
        if (_bitIdentical && rows == 1)
            RunWithFiller(chunk[0]);
        else
            cache.Run(chunk, start);

        Append(chunk);
        if (rows > 1 || _bitIdentical)
            _exactLength = _exactLength == start ? _length : _exactLength;
        (_chunkStart, _chunkEnd) = (start, _length);
        return true;
    }

    /// <summary>The logits that follow the id at a position, which must lie in the last chunk. Valid until the next run.</summary>
    public ReadOnlySpan<float> LogitsAfter(int position)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(position, _chunkStart);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(position, _chunkEnd);
        return cache.Logits(position - _chunkStart);
    }

    /// <summary>The first position of the last chunk.</summary>
    public int ChunkStart => _chunkStart;

    public void Dispose() => cache.Dispose();

    // A text of one id has no id before it to run once more. What the filler writes lies behind the text and is never read.
    private void RunWithFiller(int id) => cache.Run([id, id], 0);

    private void CutTo(int length)
    {
        _length = Math.Min(_length, length);
        _exactLength = Math.Min(_exactLength, _length);
    }

    private void Append(ReadOnlySpan<int> ids)
    {
        if (_length + ids.Length > _ids.Length)
            Array.Resize(ref _ids, Math.Max(_ids.Length * 2, _length + ids.Length));
        ids.CopyTo(_ids.AsSpan(_length));
        _length += ids.Length;
    }
}
