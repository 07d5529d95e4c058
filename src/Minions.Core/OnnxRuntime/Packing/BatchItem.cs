using Minions.Core.OnnxRuntime.Decoding;

namespace Minions.Core.OnnxRuntime.Packing;

/// <summary>
/// One request's part of a batch: the text to run, and the reader of its logits. Each sequence has one and reuses it every round. Used by one
/// thread at a time.
/// </summary>
internal abstract class BatchItem(OnnxSequence sequence) : IDisposable
{
    public OnnxSequence Sequence { get; } = sequence;

    /// <summary>All ids of the text that is to be run.</summary>
    public abstract ReadOnlySpan<int> Ids { get; }

    /// <summary>The most rows to take in the next run; set by the batch.</summary>
    public int RowLimit { get; set; }

    /// <summary>The rows taken in this run; set by the batch.</summary>
    public RowChunk Chunk { get; private set; }

    /// <summary>The rows of the text that were not run yet.</summary>
    public int RowsLeft => Ids.Length - Sequence.Ids.Length;

    /// <summary>Goes back to what the sequence shares with the text.</summary>
    /// <returns><see langword="false"/> when there is nothing to run.</returns>
    public abstract bool Begin();

    /// <summary>Reads the logits of the rows just run.</summary>
    /// <returns><see langword="false"/> when nothing more is wanted.</returns>
    public abstract bool Read();

    /// <summary>Ends this request's part with a fault.</summary>
    public abstract void Fail(Exception fault);

    public abstract void ThrowIfCancelled();

    /// <summary>Chooses the rows that the next run takes.</summary>
    public void TakeRows() => Chunk = Sequence.NextChunk(Ids, RowLimit);

    /// <summary>Runs the rows in a run of their own.</summary>
    public void RunAlone() => Sequence.RunChunk(Ids, RowLimit);

    /// <summary>Records that the rows were run together with those of other requests.</summary>
    public void Complete() => Sequence.Complete(Ids, Chunk);

    public virtual void Dispose() => Sequence.Dispose();
}
