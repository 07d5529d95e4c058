using Microsoft.Extensions.Logging;
using Minions.Core.OnnxRuntime.Decoding;
using Minions.Core.OnnxRuntime.Folder;
using Minions.Core.OnnxRuntime.Graph;
using Minions.Core.OnnxRuntime.Sessions;

namespace Minions.Core.OnnxRuntime.Packing;

/// <summary>
/// An opened model with all that runs several requests of it together: the sessions for more than one request, made when they are first
/// needed, and the memory of their runs. Safe to use from several threads.
/// </summary>
internal sealed class PackedDecoder : IDisposable
{
    private const string OnCpuOnly = "attention of ONNX's own runs in place on the CPU only";

    private readonly SharedWeights? _weights;

    private PackedDecoder(OnnxDecoder decoder, SharedWeights? weights, Func<int, CancellationToken, PackedSession?>? make)
    {
        Decoder = decoder;
        _weights = weights;
        Rows = new ObjectPool<PackedRows>(() => new PackedRows(decoder));
        Sessions = make is null ? null : new PackedSessionSet<PackedSession>(PackedSession.MaxSlots, make);
    }

    public OnnxDecoder Decoder { get; }

    /// <summary>The hidden states that its runs give, each in one of <see cref="DecoderSignature.RowOutputs"/>.</summary>
    public IReadOnlyList<StateOutput> States { get; private init; } = [];

    /// <summary>Memory that packed runs read ids from and write logits to.</summary>
    public ObjectPool<PackedRows> Rows { get; }

    /// <summary>The sessions for several requests, or <see langword="null"/> where requests run one after another.</summary>
    public PackedSessionSet<PackedSession>? Sessions { get; }

    /// <summary>Completes when no session for several requests is being made.</summary>
    public Task Settled => Sessions?.Settled ?? Task.CompletedTask;

    /// <summary>What is in use of the model now; concatenated caches are not counted.</summary>
    public DecoderUse Use
    {
        get
        {
            int rented = Decoder.FrameMemory.Rented + Rows.Rented;
            int slots = 0;
            Sessions?.ForEach(0, (session, _) =>
            {
                rented += session.Rented;
                slots += session.BoundSlots;
            });
            return new DecoderUse(Decoder.CacheBytes, rented, slots);
        }
    }

    /// <summary>Loads a model. Blocks for as long as that takes.</summary>
    /// <param name="path">The model's folder.</param>
    /// <param name="request">How to run it.</param>
    /// <param name="logger">Receives how it runs, where that is not the fastest way.</param>
    /// <param name="cancellationToken">Stops the load.</param>
    /// <exception cref="ModelLoadException">The folder, the model or the provider cannot be used.</exception>
    /// <exception cref="OperationCanceledException">The load was cancelled.</exception>
    public static PackedDecoder Open(string path, SessionRequest request, ILogger logger, CancellationToken cancellationToken) =>
        Open(ModelFolder.Read(path, request.ModelFile, logger), request, logger, cancellationToken);

    /// <summary>Loads a model whose folder has been read. Blocks for as long as that takes.</summary>
    /// <param name="folder">What the folder says.</param>
    /// <param name="request">How to run it.</param>
    /// <param name="logger">Receives how it runs, where that is not the fastest way.</param>
    /// <param name="cancellationToken">Stops the load.</param>
    /// <exception cref="ModelLoadException">The model or the provider cannot be used.</exception>
    /// <exception cref="OperationCanceledException">The load was cancelled.</exception>
    public static PackedDecoder Open(ModelFolder folder, SessionRequest request, ILogger logger, CancellationToken cancellationToken)
    {
        // Shared weights are values of the native library, which no session has loaded yet.
        NativeLibrary.Load();
        ModelFolder asRead = folder;
        DecoderGraph graph = DecoderGraph.Read(folder, request.States);
        folder = graph.Folder;
        if (graph.States.Count > 0)
            folder = folder with { Names = folder.Names with { RowOutputs = [.. graph.States.Select(state => state.Tensor).Distinct(StringComparer.Ordinal)] } };
        cancellationToken.ThrowIfCancellationRequested();
        if (graph.LongestText is { } longest && longest < folder.ContextLength)
        {
            PackingLog.ContextIsShorter(logger, folder.Name, folder.ContextLength, longest);
            folder = folder with { ContextLength = longest };
            asRead = asRead with { ContextLength = longest };
        }

        // ONNX's own attention reads entries that nobody wrote, and memory of a device cannot be cleared from here.
        bool staysAsItIs = graph.HasStandardAttention && request.Device != SessionDevice.Cpu && SessionFactory.HasCuda;
        string? reason = OnCpuOnly;
        if (staysAsItIs && graph.HasFixedCaches && request.Device is null)
        {
            SessionLog.RunsOnCpu(logger, folder.Name, $"its caches have a fixed length, and {OnCpuOnly}");
            return OpenOnCpu();
        }

        RewrittenGraph? rewritten = staysAsItIs ? null : graph.Rewrite(1, folder, out reason);
        if (rewritten is null && graph.HasFixedCaches)
        {
            throw new ModelLoadException(
                $"Model '{folder.ModelFile}' cannot be used: its caches have a fixed length, and the graph cannot be given others: {reason}. Export it with caches that grow, or choose provider Cpu where that is the reason.",
                folder.ModelFile);
        }

        if (folder.WindowSize is { } window && !graph.WindowSizes.Contains(window))
            PackingLog.WindowsDiffer(logger, folder.Name, window, graph.WindowSizes.Count == 0 ? "none" : string.Join(", ", graph.WindowSizes));
        RewrittenGraph? loaded = rewritten ?? graph.ChangedOnly();

        // Weights are shared only where several sessions will read them.
        string? obstacle = rewritten is null ? reason : graph.FindPackingObstacle(folder);
        SharedWeights? weights = obstacle is null && request.Device != SessionDevice.Cuda
            ? new SharedWeights(graph.Weights, folder.DataFolder)
            : null;
        OpenedSession? opened = null;
        OnnxDecoder? decoder = null;
        try
        {
            opened = new SessionFactory(logger).Open(request, folder, loaded, weights, cancellationToken);
            if (staysAsItIs && opened.Device == SessionDevice.Cpu)
            {
                // No GPU can be used after all, and the CPU runs the rewritten graph.
                opened.Dispose();
                opened = null;
                return OpenOnCpu();
            }

            if (rewritten is null)
                PackingLog.ConcatenatesCaches(logger, folder.Name, reason);
            decoder = new OnnxDecoder(folder, opened, loaded, graph.CrossRowOperator);
            TrialRun.Run(decoder, graph.FindRowCut(folder));
            if (!decoder.IsOnHost && decoder.Signature.Caches.FirstOrDefault(cache => cache.IsOnHost) is { } crossing)
                SessionLog.AttentionRunsOnCpu(logger, folder.Name, opened.Device, crossing.Type);
            if (weights is not null && decoder.IsOnHost)
                return new PackedDecoder(decoder, weights, new PackedSessionFactory(decoder, graph, opened, weights, logger).Make) { States = graph.States };
            if (rewritten is not null)
                PackingLog.RunsOneByOne(logger, folder.Name, obstacle ?? $"on {opened.Device} they are not packed");
            return new PackedDecoder(decoder, weights, make: null) { States = graph.States };
        }
        catch (ModelLoadException fault) when (request.Device is null && opened is { Device: SessionDevice.Cuda })
        {
            // A fault of the model itself shows again on the CPU, and is reported from there.
            Free();
            SessionLog.RunsOnCpu(logger, folder.Name, fault.Message);
        }
        catch
        {
            Free();
            throw;
        }

        return OpenOnCpu();

        PackedDecoder OpenOnCpu() => Open(asRead, request with { Device = SessionDevice.Cpu }, logger, cancellationToken);

        void Free()
        {
            if (decoder is not null)
                decoder.Dispose();
            else
                opened?.Dispose();
            weights?.Dispose();
        }
    }

    /// <summary>Unbinds the caches of texts that have ended, whose buffers bindings would keep alive until their next run.</summary>
    public void DropDisposedCaches() => Sessions?.ForEach(0, static (session, _) => session.DropDisposed());

    /// <summary>Frees the model. Sessions that are still being made are stopped first.</summary>
    public void Dispose()
    {
        Sessions?.Dispose();
        Rows.Dispose();
        Decoder.Dispose();
        _weights?.Dispose();
    }
}
