namespace Minions.Core.OnnxRuntime.Decoding;

/// <summary>
/// The keys and values of one text, and the runs over them. It knows lengths, not ids: which ids an entry stands for is its owner's
/// business. Used by one thread at a time.
/// </summary>
internal abstract class KvCache : IDisposable
{
    /// <summary>
    /// Whether runs turn keys by the rotary factors of long texts, where a graph has such (<see cref="Graph.FactorSwitch"/>). All entries of a text
    /// have to be of the same factors: to be changed only where nothing is to be kept.
    /// </summary>
    public bool UsesLongFactors { get; set; }

    /// <summary>What the graph reads of each id beside the id; <see langword="null"/> for nothing, or zeros.</summary>
    public IRowInputs? RowInputs { get; set; }

    /// <summary>
    /// Runs ids over the first <paramref name="start"/> entries; the entries behind them are overwritten. Afterwards the cache holds
    /// <paramref name="start"/> + the number of ids.
    /// </summary>
    /// <param name="ids">The ids, one row each.</param>
    /// <param name="start">The entries they build on, at most as many as <see cref="Reserve"/> left.</param>
    /// <param name="wanted">The rows at the end whose logits are wanted: the others may not be computed. Default: all.</param>
    public abstract void Run(ReadOnlySpan<int> ids, int start, int wanted = int.MaxValue);

    /// <summary>Whether attention would compute one row of a run by itself, as in a run of a single row, whose sums round differently.</summary>
    public virtual bool LeavesOneRow(int rows) => false;

    /// <summary>Makes room for a text of a length.</summary>
    /// <param name="length">The entries that must fit.</param>
    /// <param name="keep">The entries in front whose content is wanted.</param>
    /// <returns>How many of these are still there, at most <paramref name="keep"/>.</returns>
    public abstract int Reserve(int length, int keep);

    /// <summary>The logits of a row of the last run that were wanted. Valid until the next run.</summary>
    public abstract ReadOnlySpan<float> Logits(int row);

    /// <summary>The same row as the graph wrote it, a column for each token that a head of a reduced vocabulary knows.</summary>
    public virtual ReadOnlySpan<float> Columns(int row) => Logits(row);

    /// <summary>A row of one of <see cref="DecoderSignature.RowOutputs"/> in the last run. Valid until the next run.</summary>
    public abstract ReadOnlySpan<byte> RowOutput(int output, int row);

    public abstract void Dispose();
}
