using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using Minions.Core.OnnxRuntime.Decoding;

namespace Minions.Core.OnnxRuntime.Heads;

/// <summary>Memory and bindings of one sequence's runs of a <see cref="BorrowedPart"/>: one a width, made once.</summary>
internal sealed class PartFrame(BorrowedPart part) : IDisposable
{
    private readonly Dictionary<int, Binding> _bindings = [];
    private readonly float[] _row = new float[part.OutputRow.Width];
    private NativeBuffer? _input;
    private NativeBuffer? _output;
    private int _rows;

    /// <summary>The rows of the target's embedding that belong to ids.</summary>
    /// <param name="ids">The ids.</param>
    /// <param name="tensor">The head's input, of the same width.</param>
    /// <param name="memory">Receives the rows, one behind the other, as the head reads them.</param>
    public void Embed(ReadOnlySpan<int> ids, in RowTensor tensor, Span<byte> memory)
    {
        Binding binding = BindingFor(ids.Length);
        HostTensors.Write(_input!, part.InputType, ids);
        part.Run(binding.Io);
        for (int i = 0; i < ids.Length; i++)
        {
            part.OutputRow.Read(_output!.AsSpan<byte>().Slice(i * part.OutputRow.BytesPerRow, part.OutputRow.BytesPerRow), _row);
            tensor.Write(_row, memory.Slice(i * tensor.BytesPerRow, tensor.BytesPerRow));
        }
    }

    /// <summary>The logits that the target's head matrix makes of a state. Valid until the next call.</summary>
    public ReadOnlySpan<float> Logits(ReadOnlySpan<float> state)
    {
        Binding binding = BindingFor(1);
        new RowTensor(part.Input, part.InputType, part.InputWidth).Write(state, _input!.AsSpan<byte>());
        part.Run(binding.Io);
        part.OutputRow.Read(MemoryMarshal.AsBytes(_output!.AsSpan<byte>()[..part.OutputRow.BytesPerRow]), _row);
        return _row;
    }

    public void Dispose()
    {
        foreach (Binding binding in _bindings.Values)
            binding.Dispose();
        _bindings.Clear();
        _input?.Dispose();
        _output?.Dispose();
    }

    private Binding BindingFor(int rows)
    {
        if (rows > _rows)
        {
            Dispose();
            _rows = rows;
            bool takesIds = part.InputType is TensorElementType.Int64 or TensorElementType.Int32;
            _input = new NativeBuffer((long)rows * (takesIds ? sizeof(long) : part.InputWidth * ElementTypes.SizeOf(part.InputType)));
            _output = part.OutputRow.Allocate(rows);
        }

        if (!_bindings.TryGetValue(rows, out Binding? binding))
            _bindings.Add(rows, binding = new Binding(part, _input!, _output!, rows));
        return binding;
    }

    private sealed class Binding : IDisposable
    {
        private readonly OrtValue _input;
        private readonly OrtValue _output;

        public Binding(BorrowedPart part, NativeBuffer input, NativeBuffer output, int rows)
        {
            bool takesIds = part.InputType is TensorElementType.Int64 or TensorElementType.Int32;
            _input = input.AsTensor(part.InputType, takesIds ? [1, rows] : [1, rows, part.InputWidth], ElementTypes.SizeOf(part.InputType));
            _output = part.OutputRow.Over(output, rows);
            Io = part.Session.CreateIoBinding();
            Io.BindInput(part.Input, _input);
            Io.BindOutput(part.Output, _output);
        }

        public OrtIoBinding Io { get; }

        public void Dispose()
        {
            Io.Dispose();
            _input.Dispose();
            _output.Dispose();
        }
    }
}
