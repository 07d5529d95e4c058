using Microsoft.Extensions.Logging;
using Microsoft.ML.OnnxRuntime;
using Minions.Core.Diagnostics;
using Minions.Core.OnnxRuntime.Folder;
using Minions.Core.OnnxRuntime.Graph;
using Minions.Core.OnnxRuntime.Packing;
using Minions.Core.OnnxRuntime.Sessions;

namespace Minions.Core.OnnxRuntime.Decoding;

/// <summary>
/// An opened model: what drafts and verifiers have in common. Shared by all sequences and safe to run from several threads; each sequence
/// brings a cache of its own.
/// </summary>
internal sealed class OnnxDecoder : IDisposable
{
    /// <summary>The rows of a run of a long prompt: wide enough to use the cores, narrow enough to be cancelled between two.</summary>
    public const int PrefillChunk = 64;

    /// <summary>The rows of the widest run ever made: the probe's, which takes a chunk and some rows more at once.</summary>
    public const int ProbeLength = PrefillChunk + 5;

    private readonly RunOptions _runOptions = new();
    private readonly RunOptions _releasingRun = new();
    private readonly OpenedSession _opened;
    private readonly SharedWeights? _weights;
    private readonly bool _isSlotGraph;
    private readonly Lazy<KvCut> _cut;
    private long _cacheBytes;

    private OnnxDecoder(ModelFolder folder, OpenedSession opened, SharedWeights? weights, RewrittenGraph? rewritten, string? rowMixing)
    {
        Folder = folder;
        RowMixingOperator = rowMixing;
        _opened = opened;
        _weights = weights;
        _isSlotGraph = rewritten is not null;
        Signature = DecoderSignature.Read(opened.Session, folder, rewritten);
        FrameMemory = new LendingPool<FrameMemory>(() => new FrameMemory(Signature, ProbeLength));
        PackedRows = new LendingPool<PackedRows>(() => new PackedRows(this));
        _releasingRun.AddRunConfigEntry("memory.enable_memory_arena_shrinkage", "cpu:0");
        _cut = new Lazy<KvCut>(() => new KvCut(this));
    }

    public ModelFolder Folder { get; }

    public DecoderSignature Signature { get; }

    /// <summary>A node of the graph that mixes rows, or <see langword="null"/>.</summary>
    public string? RowMixingOperator { get; }

    /// <summary>Memory that runs read ids from and write logits to.</summary>
    public LendingPool<FrameMemory> FrameMemory { get; }

    /// <summary>Memory that runs of several texts read ids from and write logits to.</summary>
    public LendingPool<PackedRows> PackedRows { get; }

    /// <summary>What runs several requests at once, or <see langword="null"/> where they run one after another.</summary>
    public SlotSizes<SlotSession>? Sizes { get; private set; }

    public InferenceSession Session => _opened.Session;

    public OrtAllocator KvAllocator => _opened.KvAllocator;

    public ExecutionProvider Provider => _opened.Provider;

    public int DeviceId => _opened.DeviceId;

    public bool IsOnHost => _opened.Provider == ExecutionProvider.Cpu;

    /// <summary>Whether caches are appended to in place (shared past and present buffers) or handed from run to run.</summary>
    public bool SharesBuffers => _isSlotGraph;

    /// <summary>What is held of the model now, caches that are handed from run to run aside.</summary>
    public DecoderUse Use
    {
        get
        {
            int lent = FrameMemory.Lent + PackedRows.Lent;
            int slots = 0;
            Sizes?.ForEach(0, (session, _) =>
            {
                lent += session.Lent;
                slots += session.BoundSlots;
            });
            return new DecoderUse(Interlocked.Read(ref _cacheBytes), lent, slots);
        }
    }

    /// <summary>Loads a model. Blocks for as long as that takes.</summary>
    /// <exception cref="ModelLoadException">The folder, the model or the provider cannot be used.</exception>
    /// <exception cref="OperationCanceledException">The load was cancelled.</exception>
    public static OnnxDecoder Open(OnnxModelOptions options, int defaultIntraOpThreads, ILogger logger, CancellationToken cancellationToken)
    {
        ModelFolder folder = ModelFolder.Read(options.Folder);

        // Weights are its values before there is a session.
        NativeLibrary.Load();
        DecoderGraph graph = DecoderGraph.Read(folder.ModelFile);
        cancellationToken.ThrowIfCancellationRequested();
        RewrittenGraph? rewritten = graph.Rewrite(1, folder, out string? reason);
        if (rewritten is null)
            DecodingLog.HandsCachesOn(logger, folder.Name, reason);

        // Weights that only one session reads are ONNX Runtime's own business.
        string? obstacle = rewritten is null ? reason : graph.FindPackingObstacle(folder);
        SharedWeights? weights = obstacle is null && options.Provider != ExecutionProvider.Cuda
            ? new SharedWeights(graph.Weights, Path.GetDirectoryName(folder.ModelFile)!)
            : null;
        OpenedSession? opened = null;
        try
        {
            opened = new SessionFactory(logger).Open(options, folder, rewritten, weights, defaultIntraOpThreads, cancellationToken);
            var decoder = new OnnxDecoder(folder, opened, weights, rewritten, graph.RowMixingOperator);
            if (weights is not null && decoder.IsOnHost)
                decoder.Sizes = new SlotSizes<SlotSession>(SlotSession.MostSlots, new SlotSessionMaker(decoder, graph, opened, weights, logger).Make);
            else if (rewritten is not null)
                DecodingLog.RunsOneByOne(logger, folder.Name, obstacle ?? $"on {decoder.Provider} they are not packed");
            return decoder;
        }
        catch
        {
            opened?.Dispose();
            weights?.Dispose();
            throw;
        }
    }

    /// <summary>Opens the cache of a text.</summary>
    /// <param name="expectedLength">The ids the text may come to have: a hint, 0 when unknown.</param>
    public DecoderCache OpenCache(int expectedLength = 0) => SharesBuffers ? new SharedBufferCache(this, expectedLength) : new HandedOnCache(this, _cut.Value);

    /// <summary>Counts bytes of caches that were made, or freed where negative.</summary>
    public void CountCache(long bytes) => Interlocked.Add(ref _cacheBytes, bytes);

    /// <summary>Lets go of the buffers of a text that has ended.</summary>
    public void DropDisposedCaches() => Sizes?.ForEach(0, static (session, _) => session.DropDisposed());

    /// <summary>Runs a binding; inputs and outputs lie where they were bound.</summary>
    /// <exception cref="ModelRunException">ONNX Runtime reports a failure.</exception>
    public void Run(OrtIoBinding binding, int start, int rows)
    {
        try
        {
            Run(Session, binding, _runOptions);
        }
        catch (OnnxRuntimeException fault)
        {
            throw new ModelRunException($"Running {rows} rows of model '{Folder.Path}' from position {start} on failed: {fault.Message}", fault);
        }
    }

    /// <summary>Runs a binding of several requests.</summary>
    /// <exception cref="ModelRunException">ONNX Runtime reports a failure.</exception>
    public void RunPacked(InferenceSession session, OrtIoBinding binding, int rows, int requests, bool releasesMemory)
    {
        try
        {
            Run(session, binding, releasesMemory ? _releasingRun : _runOptions);
        }
        catch (OnnxRuntimeException fault)
        {
            throw new ModelRunException($"Running {rows} rows of {requests} requests of model '{Folder.Path}' failed: {fault.Message}", fault);
        }
    }

    /// <summary>Frees the model, after what is still being made of it is stopped.</summary>
    public void Dispose()
    {
        Sizes?.Dispose();
        if (_cut.IsValueCreated)
            _cut.Value.Dispose();
        FrameMemory.Dispose();
        PackedRows.Dispose();
        _runOptions.Dispose();
        _releasingRun.Dispose();
        _opened.Dispose();
        _weights?.Dispose();
    }

    private void Run(InferenceSession session, OrtIoBinding binding, RunOptions options)
    {
        RunMeter? meter = RunMeter.Installed;
        meter?.Enter();
        try
        {
            session.RunWithBinding(options, binding);
            if (!IsOnHost)
                binding.SynchronizeBoundOutputs();
        }
        finally
        {
            meter?.Leave();
        }
    }
}
