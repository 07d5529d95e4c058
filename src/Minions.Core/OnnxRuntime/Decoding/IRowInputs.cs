namespace Minions.Core.OnnxRuntime.Decoding;

/// <summary>Gives a graph what it reads of each id beside the id itself (<see cref="DecoderSignature.RowInputs"/>).</summary>
internal interface IRowInputs
{
    /// <summary>Writes the rows of one input for a run.</summary>
    /// <param name="input">Which of <see cref="DecoderSignature.RowInputs"/>.</param>
    /// <param name="start">The entry of the cache that the first row makes.</param>
    /// <param name="rows">How many rows.</param>
    /// <param name="memory">All of them, one behind the other.</param>
    void Write(int input, int start, int rows, Span<byte> memory);
}
