using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Minions.Core.Diagnostics;

namespace Minions.Core.Pipeline;

/// <summary>Those who want to know how the load goes that they wait for. Safe to use from several threads.</summary>
internal sealed class LoadListeners(ILogger logger) : IProgress<LoadProgress>
{
    private readonly Lock _gate = new();
    private volatile LoadProgress _latest = new() { Phase = LoadPhase.Checking };
    private IProgress<LoadProgress>[] _listeners = [];

    public void Add(IProgress<LoadProgress> listener)
    {
        lock (_gate)
            _listeners = [.. _listeners, listener];
    }

    public void Remove(IProgress<LoadProgress> listener)
    {
        lock (_gate)
        {
            int index = Array.IndexOf(_listeners, listener);
            _listeners = [.. _listeners[..index], .. _listeners[(index + 1)..]];
        }
    }

    /// <summary>Tells all of them.</summary>
    public void Report(LoadProgress value)
    {
        _latest = value;
        IProgress<LoadProgress>[] listeners;
        lock (_gate)
            listeners = _listeners;
        foreach (IProgress<LoadProgress> listener in listeners)
            Tell(listener, value);
    }

    /// <summary>Tells one of them of a phase that concerns no file.</summary>
    public void Tell(IProgress<LoadProgress>? listener, LoadPhase phase)
    {
        if (listener is not null)
            Tell(listener, _latest with { Phase = phase, File = null, Bytes = 0 });
    }

    // Whoever listens must not make the load fail, nor a logger that throws.
    private void Tell(IProgress<LoadProgress> listener, LoadProgress progress)
    {
        try
        {
            listener.Report(progress);
        }
        catch (Exception fault)
        {
            UserCode.Guard(NullLogger.Instance, () => LogMessages.LoadListenerFailed(logger, fault));
        }
    }
}
