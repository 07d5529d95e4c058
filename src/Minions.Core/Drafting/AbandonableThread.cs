namespace Minions.Core.Drafting;

/// <summary>
/// Does one job after another on a thread of its own, and waits for each no longer than a limit. A job that takes longer is abandoned: it goes
/// on, and until it returns the thread is away.
/// </summary>
/// <remarks>Used by one thread at a time. The limit is one of the injected clock, so a test says when it has passed.</remarks>
internal sealed class AbandonableThread
{
    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(1);

    private readonly string _name;
    private readonly Action _job;
    private readonly Action _returned;
    private readonly TimeSpan _limit;
    private readonly TimeProvider _time;
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    // Guards all that follows, and is never held while a job runs.
    private readonly object _gate = new();
    private ITimer? _timer;
    private Phase _phase;
    private bool _stopping;
    private Action? _farewell;

    /// <summary>Makes the thread, which starts with the first job.</summary>
    /// <param name="name">The thread's name.</param>
    /// <param name="job">The job. Must not throw.</param>
    /// <param name="returned">What to do on the thread when a job that was abandoned has returned. Must not throw.</param>
    /// <param name="limit">How long to wait for a job.</param>
    /// <param name="time">The clock of the limit.</param>
    public AbandonableThread(string name, Action job, Action returned, TimeSpan limit, TimeProvider time)
    {
        _name = name;
        _job = job;
        _returned = returned;
        _limit = limit;
        _time = time;
    }

    private enum Phase
    {
        Idle,
        Working,
        Abandoned,
        Ended,
    }

    /// <summary>Whether a job that was abandoned has not returned.</summary>
    public bool IsAway
    {
        get
        {
            lock (_gate)
                return _phase == Phase.Abandoned;
        }
    }

    /// <summary>Has the job done once. The thread must not be away.</summary>
    /// <returns><see langword="false"/> when the limit has passed: what the job uses is the job's until it has returned.</returns>
    public bool TryRun()
    {
        lock (_gate)
        {
            ITimer timer = _timer ??= Start();
            long start = _time.GetTimestamp();
            _phase = Phase.Working;
            timer.Change(_limit, Timeout.InfiniteTimeSpan);
            Monitor.PulseAll(_gate);
            while (_phase == Phase.Working)
            {
                Monitor.Wait(_gate);
                if (_phase != Phase.Working)
                    break;

                TimeSpan left = _limit - _time.GetElapsedTime(start);
                if (left <= TimeSpan.Zero)
                {
                    _phase = Phase.Abandoned;
                    return false;
                }

                // A timer may come a little early, or late from the job before.
                timer.Change(left > Shortest ? left : Shortest, Timeout.InfiniteTimeSpan);
            }

            timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            return true;
        }
    }

    /// <summary>Ends the thread, after waiting for a job that was abandoned.</summary>
    /// <param name="patience">How long to wait.</param>
    /// <param name="farewell">What to do on the thread in the end if it is still away then. Must not throw.</param>
    /// <returns>Whether the thread has ended; if not, it does when its job returns.</returns>
    public async Task<bool> EndAsync(TimeSpan patience, Action farewell)
    {
        Task ended = _ended.Task;
        lock (_gate)
        {
            if (_timer is null)
                return true;

            _stopping = true;
            Monitor.PulseAll(_gate);
            if (_phase == Phase.Abandoned)
                ended = ended.WaitAsync(patience > TimeSpan.Zero ? patience : TimeSpan.Zero, _time);
        }

        await ended.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _timer.DisposeAsync().ConfigureAwait(false);
        lock (_gate)
        {
            if (_phase == Phase.Ended)
                return true;

            _farewell = farewell;
            return false;
        }
    }

    private ITimer Start()
    {
        new Thread(Work) { IsBackground = true, Name = _name }.Start();
        return _time.CreateTimer(static thread => ((AbandonableThread)thread!).Wake(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    private void Wake()
    {
        lock (_gate)
            Monitor.PulseAll(_gate);
    }

    private void Work()
    {
        while (WaitForJob())
        {
            _job();
            if (!TryReport())
                _returned();
        }

        Action? farewell;
        lock (_gate)
        {
            _phase = Phase.Ended;
            farewell = _farewell;
        }

        farewell?.Invoke();
        _ended.SetResult();
    }

    // Only now is the thread back from a job that was abandoned: what the job used is free.
    private bool WaitForJob()
    {
        lock (_gate)
        {
            if (_phase == Phase.Abandoned)
                _phase = Phase.Idle;
            while (_phase != Phase.Working && !_stopping)
                Monitor.Wait(_gate);
            return _phase == Phase.Working;
        }
    }

    /// <returns><see langword="false"/> when nobody waits any more.</returns>
    private bool TryReport()
    {
        lock (_gate)
        {
            if (_phase != Phase.Working)
                return false;

            _phase = Phase.Idle;
            Monitor.PulseAll(_gate);
            return true;
        }
    }
}
