using System.Diagnostics;

namespace Minions.Core.Diagnostics;

/// <summary>
/// Adds up the time in which at least one model runs. What remains of the wall time while work is ready is the library's own share, which
/// a benchmark watches. Nothing is measured unless a meter is installed.
/// </summary>
internal sealed class RunMeter
{
    private readonly Lock _gate = new();
    private int _inFlight;
    private long _busySince;
    private long _busyTicks;

    /// <summary>The meter of this process, or <see langword="null"/> when nobody measures.</summary>
    public static RunMeter? Installed { get; set; }

    /// <summary>The time so far in which at least one run was in flight.</summary>
    public TimeSpan Busy
    {
        get
        {
            lock (_gate)
            {
                long ticks = _busyTicks + (_inFlight > 0 ? Stopwatch.GetTimestamp() - _busySince : 0);
                return Stopwatch.GetElapsedTime(0, ticks);
            }
        }
    }

    public void Enter()
    {
        lock (_gate)
        {
            if (_inFlight++ == 0)
                _busySince = Stopwatch.GetTimestamp();
        }
    }

    public void Leave()
    {
        lock (_gate)
        {
            if (--_inFlight == 0)
                _busyTicks += Stopwatch.GetTimestamp() - _busySince;
        }
    }
}
