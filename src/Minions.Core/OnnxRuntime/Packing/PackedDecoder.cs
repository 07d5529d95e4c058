using Microsoft.Extensions.Logging;
using Minions.Core.OnnxRuntime.Decoding;
using Minions.Core.OnnxRuntime.Folder;
using Minions.Core.OnnxRuntime.Graph;
using Minions.Core.OnnxRuntime.Sessions;

namespace Minions.Core.OnnxRuntime.Packing;

/// <summary>
/// An opened model with what runs several requests of it at once: the sessions for more than one, made when they are first needed, and the
/// memory of their runs. Safe to use from several threads.
/// </summary>
internal sealed class PackedDecoder : IDisposable
{
    private readonly SharedWeights? _weights;

    private PackedDecoder(OnnxDecoder decoder, SharedWeights? weights, Func<int, CancellationToken, SlotSession?>? make)
    {
        Decoder = decoder;
        _weights = weights;
        Rows = new LendingPool<PackedRows>(() => new PackedRows(decoder));
        Sizes = make is null ? null : new SlotSizes<SlotSession>(SlotSession.MostSlots, make);
    }

    public OnnxDecoder Decoder { get; }

    /// <summary>Memory that runs of several texts read ids from and write logits to.</summary>
    public LendingPool<PackedRows> Rows { get; }

    /// <summary>What runs several requests at once, or <see langword="null"/> where they run one after another.</summary>
    public SlotSizes<SlotSession>? Sizes { get; }

    /// <summary>Completes when no session for several requests is being made.</summary>
    public Task Settled => Sizes?.Settled ?? Task.CompletedTask;

    /// <summary>What is held of the model now, caches that are handed from run to run aside.</summary>
    public DecoderUse Use
    {
        get
        {
            int lent = Decoder.FrameMemory.Lent + Rows.Lent;
            int slots = 0;
            Sizes?.ForEach(0, (session, _) =>
            {
                lent += session.Lent;
                slots += session.BoundSlots;
            });
            return new DecoderUse(Decoder.CacheBytes, lent, slots);
        }
    }

    /// <summary>Loads a model. Blocks for as long as that takes.</summary>
    /// <param name="path">The model's folder.</param>
    /// <param name="request">How to run it.</param>
    /// <param name="logger">Receives how it runs, where that is not the fastest way.</param>
    /// <param name="cancellationToken">Stops the load.</param>
    /// <exception cref="ModelLoadException">The folder, the model or the provider cannot be used.</exception>
    /// <exception cref="OperationCanceledException">The load was cancelled.</exception>
    public static PackedDecoder Open(string path, SessionRequest request, ILogger logger, CancellationToken cancellationToken)
    {
        ModelFolder folder = ModelFolder.Read(path);

        // Weights are its values before there is a session.
        NativeLibrary.Load();
        DecoderGraph graph = DecoderGraph.Read(folder.ModelFile);
        cancellationToken.ThrowIfCancellationRequested();
        RewrittenGraph? rewritten = graph.Rewrite(1, folder, out string? reason);
        if (rewritten is null)
            PackingLog.HandsCachesOn(logger, folder.Name, reason);

        // Weights that only one session reads are ONNX Runtime's own business.
        string? obstacle = rewritten is null ? reason : graph.FindPackingObstacle(folder);
        SharedWeights? weights = obstacle is null && request.Device != SessionDevice.Cuda
            ? new SharedWeights(graph.Weights, Path.GetDirectoryName(folder.ModelFile)!)
            : null;
        OpenedSession? opened = null;
        try
        {
            opened = new SessionFactory(logger).Open(request, folder, rewritten, weights, cancellationToken);
            var decoder = new OnnxDecoder(folder, opened, rewritten, graph.RowMixingOperator);
            if (weights is not null && decoder.IsOnHost)
                return new PackedDecoder(decoder, weights, new SlotSessionMaker(decoder, graph, opened, weights, logger).Make);
            if (rewritten is not null)
                PackingLog.RunsOneByOne(logger, folder.Name, obstacle ?? $"on {opened.Device} they are not packed");
            return new PackedDecoder(decoder, weights, make: null);
        }
        catch
        {
            opened?.Dispose();
            weights?.Dispose();
            throw;
        }
    }

    /// <summary>Lets go of the buffers of texts that have ended, which bindings would keep alive until their next run.</summary>
    public void DropDisposedCaches() => Sizes?.ForEach(0, static (session, _) => session.DropDisposed());

    /// <summary>Frees the model, after what is still being made of it is stopped.</summary>
    public void Dispose()
    {
        Sizes?.Dispose();
        Rows.Dispose();
        Decoder.Dispose();
        _weights?.Dispose();
    }
}
