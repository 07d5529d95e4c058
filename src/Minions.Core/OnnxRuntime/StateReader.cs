using Minions.Core.OnnxRuntime.Decoding;
using Minions.Core.OnnxRuntime.Graph;
using Minions.Core.OnnxRuntime.Packing;
using Minions.Core.States;

namespace Minions.Core.OnnxRuntime;

/// <summary>Hands on the hidden states that a target's run left. One for each sequence; it holds no memory of its own.</summary>
internal sealed class StateReader(PackedDecoder packed)
{
    // Which output each state is in.
    private readonly int[] _outputs = [.. packed.States.Select(state => IndexOf(packed.Decoder.Signature.RowOutputs, state))];

    /// <summary>What a row of a target's states consists of, or null where it gives none.</summary>
    public static StateLayout? LayoutOf(PackedDecoder packed) =>
        packed.States.Count == 0 ? null : new StateLayout([.. packed.States.Select(state => new StatePart(state.Name, state.Width))]);

    /// <summary>Writes the states of the rows that were just run.</summary>
    /// <param name="sequence">What was run.</param>
    /// <param name="states">Receives them.</param>
    public void Read(OnnxSequence sequence, TargetStates states)
    {
        // Of a long prompt the first rows would be dropped at once.
        int end = sequence.Ids.Length;
        for (int position = Math.Max(sequence.ChunkStart, end - states.Capacity); position < end; position++)
        {
            Span<float> row = states.Write(position);
            int at = 0;
            foreach (int output in _outputs)
            {
                RowTensor tensor = packed.Decoder.Signature.RowOutputs[output];
                tensor.Read(sequence.RowOutput(output, position), row.Slice(at, tensor.Width));
                at += tensor.Width;
            }
        }
    }

    private static int IndexOf(IReadOnlyList<RowTensor> outputs, StateOutput state)
    {
        for (int i = 0; i < outputs.Count; i++)
        {
            if (outputs[i].Name == state.Tensor)
                return i;
        }

        throw new InvalidOperationException($"The session has no output '{state.Tensor}'.");
    }
}
