namespace Minions.Core.OnnxRuntime.Decoding;

/// <summary>Where a run left its logits.</summary>
internal interface ILogitsSource
{
    /// <summary>The rows one behind the other, as the graph wrote them. Valid until the next run.</summary>
    ReadOnlySpan<byte> Logits { get; }
}
