using Microsoft.ML.OnnxRuntime;
using Minions.Core.Diagnostics;
using Minions.Core.OnnxRuntime.Folder;
using Minions.Core.OnnxRuntime.Graph;
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
    private readonly bool _isSlotGraph;
    private readonly Lazy<KvTruncation> _truncation;
    private long _cacheBytes;

    /// <summary>Wraps an opened session, which it then owns.</summary>
    /// <param name="folder">Where the model comes from.</param>
    /// <param name="opened">Its session.</param>
    /// <param name="rewritten">The graph that the session runs in place of the folder's own, or <see langword="null"/>.</param>
    /// <param name="crossRowOperator">A node of the graph whose rows depend on one another, or <see langword="null"/>.</param>
    /// <exception cref="ModelLoadException">The graph is no decoder this library can run; the session is then left to the caller.</exception>
    public OnnxDecoder(ModelFolder folder, OpenedSession opened, RewrittenGraph? rewritten, string? crossRowOperator)
    {
        Folder = folder;
        CrossRowOperator = crossRowOperator;
        _opened = opened;
        _isSlotGraph = rewritten is { IsSlotGraph: true };
        Signature = DecoderSignature.Read(opened.Session, opened.Placement, folder, rewritten);
        FrameMemory = new ObjectPool<FrameMemory>(() => new FrameMemory(Signature, ProbeLength));
        _releasingRun.AddRunConfigEntry("memory.enable_memory_arena_shrinkage", "cpu:0");
        _truncation = new Lazy<KvTruncation>(() => new KvTruncation(this));
    }

    public ModelFolder Folder { get; }

    public DecoderSignature Signature { get; }

    /// <summary>A node of the graph whose rows depend on one another, or <see langword="null"/>.</summary>
    public string? CrossRowOperator { get; }

    /// <summary>Memory that runs read ids from and write logits to.</summary>
    public ObjectPool<FrameMemory> FrameMemory { get; }

    public InferenceSession Session => _opened.Session;

    public OrtAllocator KvAllocator => _opened.KvAllocator;

    public SessionDevice Device => _opened.Device;

    public bool IsOnHost => Device == SessionDevice.Cpu;

    /// <summary>Whether caches are appended to in place (past and present share a buffer); otherwise every run concatenates them.</summary>
    public bool SharesBuffers => _isSlotGraph;

    /// <summary>The bytes of the caches that are appended to in place.</summary>
    public long CacheBytes => Interlocked.Read(ref _cacheBytes);

    /// <summary>Opens the cache of a text.</summary>
    /// <param name="expectedLength">The ids the text may come to have: a hint, 0 when unknown.</param>
    public KvCache OpenCache(int expectedLength = 0) => SharesBuffers ? new InPlaceKvCache(this, expectedLength) : new ConcatenatedKvCache(this, _truncation.Value);

    /// <summary>Counts bytes of caches that were made, or freed where negative.</summary>
    public void CountCache(long bytes) => Interlocked.Add(ref _cacheBytes, bytes);

    /// <summary>Has another session run on the device of this one.</summary>
    public void AppendDevice(SessionOptions options) => SessionFactory.AppendCuda(options, _opened.Settings, Folder);

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

    /// <summary>Frees the model.</summary>
    public void Dispose()
    {
        if (_truncation.IsValueCreated)
            _truncation.Value.Dispose();
        FrameMemory.Dispose();
        _runOptions.Dispose();
        _releasingRun.Dispose();
        _opened.Dispose();
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
