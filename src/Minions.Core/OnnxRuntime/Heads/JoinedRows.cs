using Minions.Core.OnnxRuntime.Decoding;
using Minions.Core.States;

namespace Minions.Core.OnnxRuntime.Heads;

/// <summary>
/// What a head reads of each id beside the id: the target's states for ids that are certain, its own state for those of its chain, and zeros where the
/// other one stands. One for each sequence.
/// </summary>
internal sealed class JoinedRows : IDisposable
{
    private readonly HeadLayout _layout;
    private readonly DecoderSignature _signature;
    private readonly (int Offset, int Width)[] _parts;
    private readonly float[] _joined;
    private readonly float[] _recycled;
    private readonly bool _isWholeRow;
    private readonly PartFrame? _embedding;
    private TargetStates? _states;

    /// <param name="head">The head.</param>
    /// <param name="states">What the target's rows consist of; <see langword="null"/> where it gives none, and the head never runs.</param>
    public JoinedRows(LoadedHead head, StateLayout? states)
    {
        HeadLayout layout = _layout = head.Layout;
        DecoderSignature signature = _signature = head.Packed.Decoder.Signature;
        _embedding = head.Parts.Embedding is { } embedding ? new PartFrame(embedding) : null;
        _parts = states is null ? [] : [.. layout.States.Select(state => (states.OffsetOf(state), states.Parts.First(part => part.Name == state).Width))];
        _joined = new float[_parts.Sum(part => part.Width)];
        _isWholeRow = states is not null && _joined.Length == states.Width && states.Parts.Select(part => part.Name).SequenceEqual(layout.States);
        _recycled = new float[signature.RowOutputs.Count > 0 ? signature.RowOutputs[0].Width : signature.LogitsWidth];
    }

    /// <summary>Sets where states are read from in this round.</summary>
    public void Read(TargetStates states) => _states = states;

    /// <summary>Keeps the head's own state behind the last id that was run, for the next step of the chain.</summary>
    public void Recycle(OnnxSequence sequence)
    {
        int last = sequence.Ids.Length - 1;
        if (_signature.RowOutputs.Count > 0)
            _signature.RowOutputs[0].Read(sequence.RowOutput(0, last), _recycled);
        else
            sequence.ColumnsAfter(last).CopyTo(_recycled);
    }

    /// <summary>Writes rows of an input.</summary>
    /// <param name="input">Which of <see cref="DecoderSignature.RowInputs"/>.</param>
    /// <param name="ids">The ids of the rows.</param>
    /// <param name="position">The position of the state that the first row reads.</param>
    /// <param name="certain">How many of the rows read the target's states; the others are the chain's, of which one is run at a time.</param>
    /// <param name="memory">All rows, one behind the other.</param>
    public void Write(int input, ReadOnlySpan<int> ids, int position, int certain, Span<byte> memory)
    {
        RowTensor tensor = _signature.RowInputs[input];
        if (tensor.Name == _layout.EmbeddingInput)
        {
            _embedding!.Embed(ids, tensor, memory);
            return;
        }

        bool takesStates = tensor.Name == _layout.StatesInput;
        bool takesOwn = tensor.Name == (_layout.RecycledInput ?? _layout.StatesInput);
        for (int i = 0; i < ids.Length; i++)
        {
            Span<byte> row = memory.Slice(i * tensor.BytesPerRow, tensor.BytesPerRow);
            if (i < certain && takesStates)
                tensor.Write(Joined(position + i), row);
            else if (i >= certain && takesOwn)
                tensor.Write(_recycled, row);
            else
                row.Clear();
        }
    }

    public void Dispose() => _embedding?.Dispose();

    private ReadOnlySpan<float> Joined(int position)
    {
        ReadOnlySpan<float> row = _states!.Row(position);
        if (_isWholeRow)
            return row;

        int at = 0;
        foreach ((int offset, int width) in _parts)
        {
            row.Slice(offset, width).CopyTo(_joined.AsSpan(at));
            at += width;
        }

        return _joined;
    }
}
