namespace Minions.Core.Drafting;

/// <summary>
/// Shares out the work of a panel: each draft is a job, and one that many requests want is several where else threads would have nothing to
/// do, for a small model's run is no faster with several threads. The longest come first.
/// </summary>
internal sealed class PanelJobs(int drafts, int threads)
{
    // A run of one request costs nearly what a run of two does.
    private const int LeastRequests = 2;

    private readonly int[] _requests = new int[drafts];
    private readonly PanelJob[] _jobs = new PanelJob[MostJobs(drafts, threads)];

    /// <summary>The number of jobs.</summary>
    public int Count { get; private set; }

    public ref readonly PanelJob this[int job] => ref _jobs[job];

    /// <summary>The most jobs there can be, which is also the number of seats they need.</summary>
    public static int MostJobs(int drafts, int threads) => drafts + threads;

    /// <summary>How many threads there can be work for.</summary>
    /// <param name="drafts">The drafts.</param>
    /// <param name="requests">The most requests that they run for together.</param>
    /// <param name="most">The most threads.</param>
    public static int ThreadsFor(int drafts, int requests, int most) => Math.Min(most, Math.Max(drafts, drafts * requests / LeastRequests));

    public void Clear()
    {
        Array.Clear(_requests);
        Count = 0;
    }

    /// <summary>Counts a request and the drafts that it wants, one bit each.</summary>
    public void Add(ulong wanted)
    {
        for (int draft = 0; draft < drafts; draft++)
            _requests[draft] += DraftSet.Has(wanted, draft) ? 1 : 0;
    }

    /// <summary>Makes the jobs.</summary>
    /// <param name="mayShare">The drafts that may be called by several threads at once, one bit each.</param>
    public void ShareOut(ulong mayShare)
    {
        int share = Math.Max(LeastRequests, (Total() + threads - 1) / threads);
        int spareSeat = drafts;
        for (int draft = 0; draft < drafts; draft++)
        {
            int requests = _requests[draft];
            int parts = DraftSet.Has(mayShare, draft) ? (requests + share - 1) / share : Math.Min(1, requests);
            for (int part = 0; part < parts; part++)
            {
                int first = requests * part / parts;
                Insert(new PanelJob(draft, first, requests * (part + 1) / parts - first, parts, part == 0 ? draft : spareSeat++));
            }
        }
    }

    private int Total()
    {
        int total = 0;
        foreach (int requests in _requests)
            total += requests;
        return total;
    }

    private void Insert(in PanelJob job)
    {
        int at = Count++;
        for (; at > 0 && _jobs[at - 1].Requests < job.Requests; at--)
            _jobs[at] = _jobs[at - 1];
        _jobs[at] = job;
    }
}

/// <summary>A draft's run for some of the requests that want it.</summary>
/// <param name="Draft">The draft.</param>
/// <param name="First">The first of the requests, counted among those that want it.</param>
/// <param name="Requests">How many.</param>
/// <param name="Parts">How many jobs the draft has, which run side by side.</param>
/// <param name="Seat">Where they are gathered; the first job of a draft has the draft's own.</param>
internal readonly record struct PanelJob(int Draft, int First, int Requests, int Parts, int Seat);
