using Google.Protobuf;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using Minions.Core.OnnxRuntime.Graph;
using Minions.Core.OnnxRuntime.Lifetime;

namespace Minions.Core.OnnxRuntime.Decoding;

/// <summary>
/// Truncates cache tensors by a graph of one Slice node for each tensor, which runs on the decoder's own device: nothing is copied to the
/// host. Safe to use from several threads.
/// </summary>
internal sealed class KvTruncation : IDisposable
{
    private const string Length = "length";

    private readonly OnnxDecoder _decoder;
    private readonly InferenceSession _session;
    private readonly RunOptions _runOptions = new();
    private readonly int _tensors;

    public KvTruncation(OnnxDecoder decoder)
    {
        _decoder = decoder;
        _tensors = decoder.Signature.Past.Count;
        using var options = new SessionOptions { IntraOpNumThreads = 1, LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR };
        if (!decoder.Signature.CachesAreOnHost)
            decoder.AppendDevice(options);
        using ProcessEnd.Work work = ProcessEnd.Begin(CancellationToken.None);
        _session = new InferenceSession(Build(decoder.Signature).ToByteArray(), options);
    }

    /// <summary>The first entries of each tensor, as new tensors.</summary>
    public IReadOnlyList<OrtValue> Truncate(IReadOnlyList<OrtValue> tensors, int entries)
    {
        using var memory = new NativeBuffer(sizeof(long));
        memory.AsSpan<long>()[0] = entries;
        using OrtValue length = memory.AsTensor(TensorElementType.Int64, [1], sizeof(long));
        using OrtIoBinding binding = _session.CreateIoBinding();
        binding.BindInput(Length, length);
        for (int i = 0; i < _tensors; i++)
        {
            binding.BindInput(Input(i), tensors[i]);
            binding.BindOutputToDevice(Output(i), _decoder.Signature.Caches[i].MemoryInfo(_decoder.KvAllocator));
        }

        _session.RunWithBinding(_runOptions, binding);
        if (!_decoder.Signature.CachesAreOnHost)
            binding.SynchronizeBoundOutputs();
        return [.. binding.GetOutputValues()];
    }

    public void Dispose()
    {
        _session.Dispose();
        _runOptions.Dispose();
    }

    private static string Input(int tensor) => $"in{tensor}";

    private static string Output(int tensor) => $"out{tensor}";

    private static OnnxModel Build(DecoderSignature signature)
    {
        var graph = new OnnxGraph { Name = "cut" };
        graph.Initializer.Add(Constant("zero", 0));
        graph.Initializer.Add(Constant("axis", 2));
        graph.Input.Add(Value(Length, OnnxElement.Int64, new OnnxDimension { DimValue = 1 }));
        for (int i = 0; i < signature.Past.Count; i++)
        {
            CacheTensor tensor = signature.Caches[i];
            graph.Input.Add(Value(Input(i), (int)tensor.Type, Shape(tensor)));
            graph.Output.Add(Value(Output(i), (int)tensor.Type, Shape(tensor)));
            var node = new OnnxNode { OpType = "Slice", Name = Output(i) };
            node.Input.Add([Input(i), "zero", Length, "axis"]);
            node.Output.Add(Output(i));
            graph.Node.Add(node);
        }

        var model = new OnnxModel { IrVersion = 8, Graph = graph };
        model.OpsetImport.Add(new OnnxOperatorSet { Version = 13 });
        return model;
    }

    private static OnnxDimension[] Shape(CacheTensor tensor) =>
    [
        new() { DimValue = 1 },
        new() { DimValue = tensor.Heads },
        new() { DimParam = "entries" },
        new() { DimValue = tensor.HeadSize },
    ];

    private static OnnxTensor Constant(string name, long value)
    {
        var tensor = new OnnxTensor { Name = name, DataType = OnnxElement.Int64, RawData = ByteString.CopyFrom(BitConverter.GetBytes(value)) };
        tensor.Dims.Add(1);
        return tensor;
    }

    private static OnnxValueInfo Value(string name, int type, params OnnxDimension[] shape)
    {
        var tensor = new OnnxTensorType { ElemType = type, Shape = new OnnxShape() };
        tensor.Shape.Dim.Add(shape);
        return new OnnxValueInfo { Name = name, Type = new OnnxType { TensorType = tensor } };
    }
}
