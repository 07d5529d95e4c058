using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using Minions.Core.OnnxRuntime.Decoding;
using Minions.Core.OnnxRuntime.Folder;
using Minions.Core.OnnxRuntime.Graph;
using Minions.Core.OnnxRuntime.Sessions;

namespace Minions.Core.OnnxRuntime.Heads;

/// <summary>
/// A part of the target's graph that a head has no copy of, its embedding or its head matrix, opened beside it over the same files. Safe to run from
/// several threads, each with a <see cref="PartFrame"/> of its own.
/// </summary>
internal sealed class BorrowedPart : IDisposable
{
    private readonly OpenedSession _opened;
    private readonly SharedWeights? _weights;
    private readonly RunOptions _runOptions = new();

    private BorrowedPart(TargetPart part, OpenedSession opened, SharedWeights? weights, ModelFolder target)
    {
        (Input, Output, _opened, _weights) = (part.Input, part.Output, opened, weights);
        NodeMetadata output = opened.Session.OutputMetadata[part.Output];
        OutputRow = new RowTensor(part.Output, output.ElementDataType, output.Dimensions[^1] > 0 ? output.Dimensions[^1] : part.Output == target.Names.Logits ? target.VocabularySize : part.Width);
        NodeMetadata input = opened.Session.InputMetadata[part.Input];
        InputType = input.ElementDataType;
        InputWidth = part.Width;
    }

    public string Input { get; }

    public string Output { get; }

    public TensorElementType InputType { get; }

    /// <summary>The numbers of a row that goes in, where rows do.</summary>
    public int InputWidth { get; }

    /// <summary>A row that comes out.</summary>
    public RowTensor OutputRow { get; }

    public InferenceSession Session => _opened.Session;

    /// <summary>Opens a part.</summary>
    /// <param name="target">The target's graph.</param>
    /// <param name="part">What to cut out of it.</param>
    /// <param name="request">How to run it.</param>
    /// <param name="factory">Opens the session.</param>
    /// <param name="cancellationToken">Stops the load.</param>
    /// <exception cref="ModelLoadException">It cannot be opened.</exception>
    public static BorrowedPart Open(DecoderGraph target, TargetPart part, SessionRequest request, SessionFactory factory, CancellationToken cancellationToken)
    {
        ModelFolder folder = target.Folder;
        SharedWeights? weights = request.Device == SessionDevice.Cuda
            ? null
            : new SharedWeights(target.Weights.Where(tensor => part.Graph.Weights.Contains(tensor.Name)), folder.DataFolder);
        try
        {
            return new BorrowedPart(part, factory.Open(request, folder, part.Graph, weights, cancellationToken), weights, folder);
        }
        catch
        {
            weights?.Dispose();
            throw;
        }
    }

    /// <exception cref="ModelRunException">ONNX Runtime reports a failure.</exception>
    public void Run(OrtIoBinding binding)
    {
        try
        {
            Session.RunWithBinding(_runOptions, binding);
        }
        catch (OnnxRuntimeException fault)
        {
            throw new ModelRunException($"Running the part of the target that ends in '{Output}' for a head failed: {fault.Message}", fault);
        }
    }

    public void Dispose()
    {
        _opened.Dispose();
        _weights?.Dispose();
        _runOptions.Dispose();
    }
}
