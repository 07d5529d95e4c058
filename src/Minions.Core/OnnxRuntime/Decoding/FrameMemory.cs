namespace Minions.Core.OnnxRuntime.Decoding;

/// <summary>The host memory that a run reads ids from and writes logits to, for runs up to a width.</summary>
internal sealed class FrameMemory : IDisposable
{
    public FrameMemory(DecoderSignature signature, int rows)
    {
        Ids = new NativeBuffer((long)rows * sizeof(long));
        Positions = new NativeBuffer((long)rows * sizeof(long));
        SeqLens = new NativeBuffer(sizeof(int));
        Total = new NativeBuffer(sizeof(int));
        Factors = new NativeBuffer(sizeof(bool));
        Computed = new NativeBuffer((long)rows * sizeof(long));
        RowInputs = [.. signature.RowInputs.Select(tensor => tensor.Allocate(rows))];
        RowOutputs = [.. signature.RowOutputs.Select(tensor => tensor.Allocate(rows))];
        Logits = new NativeBuffer((long)rows * signature.LogitsWidth * ElementTypes.SizeOf(signature.LogitsType));
    }

    public NativeBuffer Ids { get; }

    public NativeBuffer Positions { get; }

    public NativeBuffer SeqLens { get; }

    public NativeBuffer Total { get; }

    /// <summary>Which rotary factors are used.</summary>
    public NativeBuffer Factors { get; }

    /// <summary>The rows whose logits are computed.</summary>
    public NativeBuffer Computed { get; }

    public NativeBuffer Logits { get; }

    /// <summary>In the order of <see cref="DecoderSignature.RowInputs"/>.</summary>
    public IReadOnlyList<NativeBuffer> RowInputs { get; }

    /// <summary>In the order of <see cref="DecoderSignature.RowOutputs"/>.</summary>
    public IReadOnlyList<NativeBuffer> RowOutputs { get; }

    public void Dispose()
    {
        Ids.Dispose();
        Positions.Dispose();
        SeqLens.Dispose();
        Total.Dispose();
        Factors.Dispose();
        Computed.Dispose();
        Logits.Dispose();
        foreach (NativeBuffer rows in RowInputs)
            rows.Dispose();
        foreach (NativeBuffer rows in RowOutputs)
            rows.Dispose();
    }
}
