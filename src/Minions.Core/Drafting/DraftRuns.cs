namespace Minions.Core.Drafting;

/// <summary>
/// Shares out jobs: each draft's make one run, and those of a draft that many requests want make several where else threads would have nothing to
/// do, for a small model's run is no faster with several threads. The longest come first.
/// </summary>
internal sealed class DraftRuns(int drafts, int threads)
{
    // A run of one request costs nearly what a run of two does.
    private const int MinJobs = 2;

    private readonly int[] _jobs = new int[drafts];
    private readonly DraftRun[] _runs = new DraftRun[MaxRuns(drafts, threads)];

    /// <summary>The number of runs.</summary>
    public int Count { get; private set; }

    public ref readonly DraftRun this[int run] => ref _runs[run];

    /// <summary>The most runs there can be, which is also the number of places they need.</summary>
    public static int MaxRuns(int drafts, int threads) => drafts + threads;

    /// <summary>How many threads there can be work for.</summary>
    /// <param name="drafts">The drafts.</param>
    /// <param name="requests">The most requests that they run for together.</param>
    /// <param name="most">The most threads.</param>
    public static int ThreadsFor(int drafts, int requests, int most) => Math.Min(most, Math.Max(drafts, drafts * requests / MinJobs));

    public void Clear()
    {
        Array.Clear(_jobs);
        Count = 0;
    }

    /// <summary>Counts a job of a draft.</summary>
    public void Add(int draft) => _jobs[draft]++;

    /// <summary>Makes the runs.</summary>
    /// <param name="mayShare">The drafts that may be called by several threads at once.</param>
    public void ShareOut(DraftSet mayShare)
    {
        int total = 0;
        foreach (int jobs in _jobs)
            total += jobs;
        int share = Math.Max(MinJobs, (total + threads - 1) / threads);
        int sparePlace = drafts;
        for (int draft = 0; draft < drafts; draft++)
        {
            int jobs = _jobs[draft];
            int parts = mayShare.Contains(draft) ? (jobs + share - 1) / share : Math.Min(1, jobs);
            for (int part = 0; part < parts; part++)
            {
                int first = jobs * part / parts;
                Insert(new DraftRun(draft, first, jobs * (part + 1) / parts - first, parts, part == 0 ? draft : sparePlace++));
            }
        }
    }

    private void Insert(in DraftRun run)
    {
        int at = Count++;
        for (; at > 0 && _runs[at - 1].Jobs < run.Jobs; at--)
            _runs[at] = _runs[at - 1];
        _runs[at] = run;
    }
}

/// <summary>A draft's run for some of the jobs it has.</summary>
/// <param name="Draft">The draft.</param>
/// <param name="First">The first of the jobs, counted among those of the draft.</param>
/// <param name="Jobs">How many.</param>
/// <param name="Parts">How many runs the draft has, side by side.</param>
/// <param name="Place">Where the requests are gathered; the first run of a draft has the draft's own.</param>
internal readonly record struct DraftRun(int Draft, int First, int Jobs, int Parts, int Place);
