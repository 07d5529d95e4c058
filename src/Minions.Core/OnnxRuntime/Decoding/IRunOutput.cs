namespace Minions.Core.OnnxRuntime.Decoding;

/// <summary>Where a run left what it computed. Valid until the next run.</summary>
internal interface IRunOutput
{
    /// <summary>The rows of logits one behind the other, as the graph wrote them.</summary>
    ReadOnlySpan<byte> Logits { get; }

    /// <summary>The rows of one of <see cref="DecoderSignature.RowOutputs"/>, those of all texts of the run one behind the other.</summary>
    ReadOnlySpan<byte> RowsOf(int output);
}
