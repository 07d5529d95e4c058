namespace Minions.Core.Drafting;

/// <summary>
/// Runs a few equal jobs side by side: the caller and some threads of its own take job after job until none is left. A small model's run
/// does not gain from several threads, but several small models do.
/// </summary>
internal sealed class DraftThreads : IDisposable
{
    private readonly SemaphoreSlim[] _start;
    private readonly Thread[] _threads;
    private readonly CountdownEvent _busy = new(1);
    private readonly Action<int> _job;
    private int _jobs;
    private int _next;
    private volatile bool _stopping;

    /// <summary>Starts the threads.</summary>
    /// <param name="job">Does the job of an index. Must not throw.</param>
    /// <param name="threads">How many jobs run at once, the caller's own included; at least 1.</param>
    public DraftThreads(Action<int> job, int threads)
    {
        _job = job;
        _start = new SemaphoreSlim[threads - 1];
        _threads = new Thread[threads - 1];
        for (int i = 0; i < _threads.Length; i++)
        {
            SemaphoreSlim start = _start[i] = new SemaphoreSlim(0);
            _threads[i] = new Thread(() => Work(start)) { IsBackground = true, Name = $"Minions draft {i + 1}" };
            _threads[i].Start();
        }
    }

    /// <summary>Does the jobs 0 to <paramref name="jobs"/> - 1 and returns when all are done. One caller at a time.</summary>
    /// <param name="jobs">The number of jobs.</param>
    public void Run(int jobs)
    {
        int woken = Math.Min(_threads.Length, jobs - 1);
        _jobs = jobs;
        Volatile.Write(ref _next, 0);
        _busy.Reset(woken + 1);
        for (int i = 0; i < woken; i++)
            _start[i].Release();

        TakeJobs();
        _busy.Signal();
        _busy.Wait();
    }

    public void Dispose()
    {
        _stopping = true;
        for (int i = 0; i < _threads.Length; i++)
        {
            _start[i].Release();
            _threads[i].Join();
            _start[i].Dispose();
        }

        _busy.Dispose();
    }

    private void Work(SemaphoreSlim start)
    {
        while (true)
        {
            start.Wait();
            if (_stopping)
                return;

            TakeJobs();
            _busy.Signal();
        }
    }

    private void TakeJobs()
    {
        for (int job = Interlocked.Increment(ref _next) - 1; job < _jobs; job = Interlocked.Increment(ref _next) - 1)
            _job(job);
    }
}
