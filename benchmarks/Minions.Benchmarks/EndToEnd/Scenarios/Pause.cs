using System.Diagnostics;

namespace Minions.Benchmarks.EndToEnd.Scenarios;

/// <summary>Lets time pass on the calling thread, more exactly than the system's timers do.</summary>
internal static class Pause
{
    // A sleep may end later than asked for by about this.
    private static readonly TimeSpan Slack = TimeSpan.FromMilliseconds(1);

    /// <summary>Sleeps, and spins through what is too short for a sleep.</summary>
    public static void Take(TimeSpan time)
    {
        long start = Stopwatch.GetTimestamp();
        int milliseconds = (int)(time - Slack).TotalMilliseconds;
        if (milliseconds > 0)
            Thread.Sleep(milliseconds);
        while (Stopwatch.GetElapsedTime(start) < time)
            Thread.SpinWait(20);
    }
}
