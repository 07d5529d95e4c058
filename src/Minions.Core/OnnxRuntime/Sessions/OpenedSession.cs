using Microsoft.ML.OnnxRuntime;

namespace Minions.Core.OnnxRuntime.Sessions;

/// <summary>A loaded model. The session may be run from several threads at once; disposal frees its native memory and must come last.</summary>
internal sealed class OpenedSession : IDisposable
{
    private readonly OrtMemoryInfo? _deviceMemory;

    public OpenedSession(InferenceSession session, SessionDevice device, SessionSettings settings)
    {
        Session = session;
        Device = device;
        Settings = settings;
        Placement = device == SessionDevice.Cpu ? TensorPlacement.Host : TensorPlacement.Of(session);
        if (device != SessionDevice.Cuda)
        {
            KvAllocator = OrtAllocator.DefaultInstance;
            return;
        }

        _deviceMemory = new OrtMemoryInfo(OrtMemoryInfo.allocatorCUDA, OrtAllocatorType.DeviceAllocator, settings.DeviceId, OrtMemType.Default);
        KvAllocator = new OrtAllocator(session, _deviceMemory);
    }

    public InferenceSession Session { get; }

    /// <summary>Where the model really runs.</summary>
    public SessionDevice Device { get; }

    public SessionSettings Settings { get; }

    /// <summary>Where it reads inputs and leaves outputs.</summary>
    public TensorPlacement Placement { get; }

    public int IntraOpThreads => Settings.IntraOpThreads;

    /// <summary>Memory of the device, for KV caches that never cross to the host. What it gives must be freed before disposal.</summary>
    public OrtAllocator KvAllocator { get; }

    public void Dispose()
    {
        if (_deviceMemory is not null)
        {
            KvAllocator.Dispose();
            _deviceMemory.Dispose();
        }

        Session.Dispose();
    }
}
