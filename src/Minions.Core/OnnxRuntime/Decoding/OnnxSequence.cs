using Minions.Core.Generation;

namespace Minions.Core.OnnxRuntime.Decoding;

/// <summary>
/// One request's text in a model: a cache and the ids that were run into it. Whoever wants logits names all ids of the text; the sequence
/// goes back to the longest prefix it shares with them and runs the rest, so that rejected guesses, cancelled runs and failures need no
/// protocol of their own. Owns its cache. Used by one thread at a time.
/// </summary>
/// <remarks>
/// Where rotary factors depend on the length of a text, the logits behind each id are those of the text up to it, run at once. A text that grows
/// past the switch is run afresh, once; rows on both sides of the switch are run in this order, each side in runs of its own.
/// </remarks>
/// <param name="cache">The keys and values.</param>
/// <param name="bitIdentical">Whether no run may be one row wide.</param>
/// <param name="expectedLength">The ids the text may come to have: a hint.</param>
/// <param name="longestShortText">The longest text whose keys take the factors of short ones.</param>
internal sealed class OnnxSequence(KvCache cache, bool bitIdentical, int expectedLength = 0, int longestShortText = int.MaxValue) : IDisposable
{
    // What rounds feed has its own width; wider runs have one of two, or a whole chunk where no row is read.
    private const int SmallWidths = 4;
    private const int MiddleWidth = 8;
    private const int WideWidth = 16;

    private const int FirstRoom = 256;
    private const int MostRoom = 1 << 16;

    private bool _bitIdentical = bitIdentical;
    private int[] _ids = new int[RoomFor(expectedLength)];
    private int _length;

    // Entries from here on were written by a run of one row, whose sums round differently; a bit-identical text must not build on them.
    private int _exactLength;

    // The positions whose logits the last chunk computed, and the first position whose logits are wanted.
    private int _chunkStart;
    private int _readableStart;
    private int _readableEnd;
    private int _firstWanted;
    private bool _fewWidths;

    /// <summary>How many ids an array should hold from the start for a text that may come to <paramref name="expectedLength"/> ids and a guess behind them.</summary>
    public static int RoomFor(int expectedLength) => Math.Clamp(expectedLength, FirstRoom, MostRoom) + GenerationOptions.MaximumSpeculationLength;

    /// <summary>The keys and values.</summary>
    public KvCache Cache => cache;

    /// <summary>Prepares the sequence for another request.</summary>
    public void Reopen(SequenceOptions options) => _bitIdentical = options.BitIdentical;

    /// <summary>The ids that were run, in order.</summary>
    public ReadOnlySpan<int> Ids => _ids.AsSpan(0, _length);

    /// <summary>
    /// Takes the text up to its end, chunk by chunk; after each chunk the logits of its rows can be read. Begin with
    /// <see cref="Rewind"/>, then call <see cref="RunChunk"/> until it answers <see langword="false"/>.
    /// </summary>
    /// <param name="ids">All ids of the text.</param>
    /// <param name="rowsWanted">How many of the last ids' logits are wanted: these are run even if they were before.</param>
    /// <param name="rowsIfRun">How many of the last ids' logits are wanted where they have to be run anyway.</param>
    /// <param name="knownLength">The ids that are known already, where more than these are: they decide where no row is wanted which factors are used.</param>
    /// <param name="fewWidths">
    /// Whether runs are of a few widths only: each width has to be bound, and its memory planned, once, which takes longer than running it. Ids are
    /// rather run again, or in several runs. For sequences that catch up now and then on any number of ids.
    /// </param>
    /// <returns>The position of the first id that has to be run, those that are run again aside.</returns>
    public int Rewind(ReadOnlySpan<int> ids, int rowsWanted, int rowsIfRun = 0, int knownLength = 0, bool fewWidths = false)
    {
        // Where no row is wanted, another id follows.
        int shortestText = rowsWanted > 0 ? ids.Length - rowsWanted + 1 : Math.Max(ids.Length + 1, knownLength);
        if (cache.UsesLongFactors != shortestText > longestShortText)
            StartOver(usesLongFactors: !cache.UsesLongFactors);

        int end = EndOf(ids);
        int shared = Ids.CommonPrefixLength(ids);
        if (_bitIdentical)
            shared = Math.Min(shared, _exactLength);
        int start = Math.Min(shared, ids.Length - rowsWanted);

        // Two rows at least: the second comes from running the last id before once more.
        if (_bitIdentical && start > end - 2 && start < end)
            start = Math.Max(0, end - 2);
        int first = start;
        _fewWidths = fewWidths;
        if (fewWidths)
            start = Math.Max(0, end - FewWidths(end - start));
        TruncateTo(start);

        // One more for the filler behind a text of a single id.
        int kept = cache.Reserve(Math.Max(ids.Length, _bitIdentical ? 2 : 1), start);
        TruncateTo(kept);
        _readableStart = _readableEnd = _length;
        _firstWanted = ids.Length - Math.Max(rowsWanted, rowsIfRun);
        return kept < start ? kept : first;
    }

    /// <summary>Chooses the rows to run next.</summary>
    /// <param name="ids">The same ids as for <see cref="Rewind"/>.</param>
    /// <param name="limit">The most rows, at least 3.</param>
    /// <returns>The rows; none when the text had been run to its end.</returns>
    public RowChunk NextChunk(ReadOnlySpan<int> ids, int limit = OnnxDecoder.PrefillChunk)
    {
        if (_length == EndOf(ids) && _length < ids.Length)
        {
            // What is left belongs to longer texts, whose keys are all others.
            StartOver(usesLongFactors: true);
            _firstWanted = Math.Max(_firstWanted, longestShortText);
        }

        int left = EndOf(ids) - _length;
        int rows = Math.Min(left, limit);
        if (_fewWidths && (rows < OnnxDecoder.PrefillChunk || _length + OnnxDecoder.PrefillChunk > _firstWanted))
            rows = rows >= WideWidth ? WideWidth : rows >= MiddleWidth ? MiddleWidth : Math.Min(rows, SmallWidths);

        // Neither the next run nor a block of attention's kernel may be left with a single row.
        while (_bitIdentical && rows > 2 && (left - rows == 1 || cache.LeavesOneRow(rows)))
            rows--;

        // A text of one id has no id before it to run once more. What the filler writes lies behind the text and is never read.
        int wanted = Math.Clamp(_length + rows - _firstWanted, 0, rows);

        // A binding holds one number of rows read as well.
        wanted = _fewWidths && wanted > 0 ? rows : wanted;
        return new RowChunk(_length, rows, wanted, HasFiller: _bitIdentical && rows == 1);
    }

    /// <summary>Runs the next chunk of the text.</summary>
    /// <param name="ids">The same ids as for <see cref="Rewind"/>.</param>
    /// <param name="limit">The most rows, at least 3.</param>
    /// <returns><see langword="false"/> when the text had been run to its end.</returns>
    public bool RunChunk(ReadOnlySpan<int> ids, int limit = OnnxDecoder.PrefillChunk)
    {
        RowChunk chunk = NextChunk(ids, limit);
        if (chunk.Count == 0)
            return false;

        ReadOnlySpan<int> rows = ids.Slice(chunk.Start, chunk.Count);
        if (chunk.HasFiller)
            cache.Run([rows[0], rows[0]], chunk.Start);
        else
            cache.Run(rows, chunk.Start, chunk.Wanted);
        Complete(ids, chunk);
        return true;
    }

    /// <summary>Records that a chunk was run into the cache.</summary>
    public void Complete(ReadOnlySpan<int> ids, RowChunk chunk)
    {
        Append(ids.Slice(chunk.Start, chunk.Count));
        if (chunk.Count > 1 || _bitIdentical)
            _exactLength = _exactLength == chunk.Start ? _length : _exactLength;
        (_chunkStart, _readableStart, _readableEnd) = (chunk.Start, _length - chunk.Wanted, _length);
    }

    /// <summary>Forgets what was run behind the first entries: ids may be equal and their entries not, where these were made of something else as well.</summary>
    public void Keep(int entries) => TruncateTo(entries);

    /// <summary>The position of the first row of the last chunk.</summary>
    public int ChunkStart => _chunkStart;

    /// <summary>What else the last chunk gave at a position (<see cref="DecoderSignature.RowOutputs"/>). Valid until the next run.</summary>
    public ReadOnlySpan<byte> RowOutput(int output, int position) => cache.RowOutput(output, position - _chunkStart);

    /// <summary>The logits that follow the id at a position, which must be wanted and lie in the last chunk. Valid until the next run.</summary>
    public ReadOnlySpan<float> LogitsAfter(int position) => cache.Logits(RowAfter(position));

    /// <summary>The same without the tokens that a head of a reduced vocabulary does not know.</summary>
    public ReadOnlySpan<float> ColumnsAfter(int position) => cache.Columns(RowAfter(position));

    /// <summary>The first position whose logits the last chunk left.</summary>
    public int ReadableStart => _readableStart;

    /// <summary>How many ids a text of a length can share with what was run: none where its keys take other factors.</summary>
    public int Reusable(int shared, int length) => cache.UsesLongFactors == length > longestShortText ? shared : 0;

    public void Dispose() => cache.Dispose();

    // In whole runs of such widths.
    private static int FewWidths(int rows) => rows switch
    {
        <= SmallWidths => rows,
        <= MiddleWidth => MiddleWidth,
        _ => (rows + WideWidth - 1) / WideWidth * WideWidth,
    };

    // The ids that can be run with the factors in use.
    private int EndOf(ReadOnlySpan<int> ids) => cache.UsesLongFactors ? ids.Length : Math.Min(ids.Length, longestShortText);

    private void StartOver(bool usesLongFactors)
    {
        TruncateTo(0);
        cache.UsesLongFactors = usesLongFactors;
    }

    private int RowAfter(int position)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(position, _readableStart);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(position, _readableEnd);
        return position - _chunkStart;
    }

    private void TruncateTo(int length)
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

/// <summary>Rows of one text that are run at once.</summary>
/// <param name="Start">The position of the first.</param>
/// <param name="Count">How many ids of the text.</param>
/// <param name="Wanted">How many of them, at the end, have their logits read.</param>
/// <param name="HasFiller">Whether a row more stands behind them because one alone must not be run.</param>
internal readonly record struct RowChunk(int Start, int Count, int Wanted, bool HasFiller)
{
    /// <summary>The rows with the filler.</summary>
    public int Width => HasFiller ? Count + 1 : Count;

    /// <summary>The length of the text in the cache after the run, the filler included.</summary>
    public int End => Start + Width;
}
