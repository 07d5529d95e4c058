using Microsoft.Extensions.Logging;

namespace Minions.Core.Drafting;

/// <summary>Runs drafts for a batch of jobs, the drafts side by side. Used by one thread at a time.</summary>
internal sealed class DraftRunner : IDisposable
{
    private readonly IReadOnlyList<IDraftModel> _models;
    private readonly ExternalDrafts _externals;
    private readonly Place[] _places;
    private readonly DraftThreads _threads;
    private readonly ILogger _logger;
    private readonly CancellationToken _shutdown;
    private readonly TimeProvider _time;
    private readonly DraftJob[] _jobs;
    private readonly DraftRuns _runs;
    private readonly DraftSet _mayShare;
    private readonly DraftSet _takesNoTime;
    private int _jobCount;
    private int _timeouts;

    /// <summary>Makes the runner.</summary>
    /// <param name="models">The drafts.</param>
    /// <param name="externals">Those of them that are waited for with a limit.</param>
    /// <param name="threads">How many runs there may be at once.</param>
    /// <param name="batchSize">The most requests of a batch.</param>
    /// <param name="time">Measures what each draft takes.</param>
    /// <param name="logger">Receives warnings about failing drafts.</param>
    /// <param name="shutdown">Passed to the drafts.</param>
    public DraftRunner(IReadOnlyList<IDraftModel> models, ExternalDrafts externals, int threads, int batchSize, TimeProvider time, ILogger logger, CancellationToken shutdown)
    {
        _models = models;
        _externals = externals;
        _time = time;
        _runs = new DraftRuns(models.Count, threads);
        _logger = logger;
        _shutdown = shutdown;
        _jobs = new DraftJob[batchSize * models.Count];
        _places = [.. Enumerable.Range(0, DraftRuns.MaxRuns(models.Count, threads)).Select(_ => new Place(batchSize))];
        for (int draft = 0; draft < models.Count; draft++)
        {
            if (models[draft].HeedsCancellation && models[draft].MaxBatchSize > 1)
                _mayShare = _mayShare.With(draft);
        }

        _takesNoTime = DraftSet.Where(models, draft => draft is { IsFree: true, HeedsCancellation: true });
        _threads = new DraftThreads(RunDraft, threads);
    }

    /// <summary>Whether the last batch waited for a draft in vain.</summary>
    public bool TimedOut => Volatile.Read(ref _timeouts) > 0;

    /// <summary>Starts a batch.</summary>
    public void Clear()
    {
        Array.Clear(_jobs, 0, _jobCount);
        _runs.Clear();
        (_jobCount, _timeouts) = (0, 0);
    }

    /// <summary>Adds a job to the batch.</summary>
    public void Add(in DraftJob job)
    {
        _jobs[_jobCount++] = job;
        _runs.Add(job.Model);
    }

    /// <summary>Leaves the draft of each job with its outcome. Never throws: whatever a draft throws only leaves it out.</summary>
    public void Run()
    {
        _runs.ShareOut(_mayShare);
        if (RunsThatTakeTime() > 1)
        {
            _threads.Run(_runs.Count);
            return;
        }

        // To wake a thread for what takes no time would only cost some.
        for (int run = 0; run < _runs.Count; run++)
            RunDraft(run);
    }

    public void Dispose() => _threads.Dispose();

    private int RunsThatTakeTime()
    {
        int count = 0;
        for (int run = 0; run < _runs.Count; run++)
            count += _takesNoTime.Contains(_runs[run].Draft) ? 0 : 1;
        return count;
    }

    private void RunDraft(int run)
    {
        (int draft, int first, int jobs, int parts, int index) = _runs[run];
        Place place = _places[index];
        place.Count = 0;
        int met = 0;
        for (int i = 0; i < _jobCount && met < first + jobs; i++)
        {
            if (_jobs[i].Model == draft && met++ >= first)
                Prepare(draft, _jobs[i], place);
        }

        // Drafts of a pipeline may differ in how many requests they take at once.
        int most = Math.Max(1, _models[draft].MaxBatchSize);
        for (int from = 0; from < place.Count; from += most)
            Propose(draft, place, from, Math.Min(most, place.Count - from), parts);
    }

    private void Prepare(int draft, in DraftJob job, Place place)
    {
        try
        {
            if (!IsAtHand(draft, job))
                job.Draft.Skip(job.IsPreDraft);
            else if (job.Draft.Prepare(job) is { } request)
                place.Add(job, request);
        }
        catch (Exception fault)
        {
            job.Draft.RecordFault(fault, _logger);
        }
    }

    // An external draft is left out while it hangs, and opens its sequences on its own thread: that may hang too.
    private bool IsAtHand(int draft, in DraftJob job)
    {
        if (_externals[draft] is not { } external)
            return true;
        if (external.IsAway)
            return false;
        if (job.IsPreDraft || !job.Draft.WantsSequence(job.Context.Length))
            return true;

        if (external.TryOpenSequence(job.Draft.Options, out IDraftSequence? sequence))
        {
            job.Draft.Adopt(sequence!, held: 0);
            return true;
        }

        Interlocked.Increment(ref _timeouts);
        job.Draft.Abandon();
        external.ReportHang();
        return false;
    }

    private void Propose(int draft, Place place, int from, int count, int sideBySide)
    {
        ExternalDraft? external = _externals[draft];
        if (external is { IsAway: true })
            return;

        Exception? batchFault = null;
        long start = _time.GetTimestamp();
        try
        {
            ReadOnlyMemory<DraftRequest> requests = place.Requests.Slice(from, count);
            if (external is null)
            {
                _models[draft].Propose(requests.Span, _shutdown);
            }
            else if (!external.TryPropose(requests))
            {
                Abandon(external, place.Jobs.Slice(from, count));
                return;
            }
        }
        catch (Exception fault)
        {
            batchFault = fault;
        }

        // Each bears its part of the time that passed, in which the draft's other runs were done as well.
        double seconds = _time.GetElapsedTime(start).TotalSeconds / count / sideBySide;
        for (int i = from; i < from + count; i++)
        {
            DraftJob job = place.Jobs[i];
            DraftRequest request = place.Requests.Span[i];
            job.Draft.RecordTime(seconds, job.IsPreDraft);

            // A draft that stopped because it was told to is not at fault.
            if ((batchFault ?? request.Fault) is not { } fault)
                job.Draft.Accept(job.IsPreDraft);
            else if (fault is not OperationCanceledException || !(_shutdown.IsCancellationRequested || request.Cancellation.IsCancellationRequested))
                job.Draft.RecordFault(fault, _logger);
        }
    }

    private void Abandon(ExternalDraft external, ReadOnlySpan<DraftJob> jobs)
    {
        Interlocked.Increment(ref _timeouts);
        foreach (DraftJob job in jobs)
            job.Draft.Abandon();
        external.ReportHang();
    }

    private sealed class Place(int size)
    {
        private readonly DraftRequest[] _requests = new DraftRequest[size];
        private readonly DraftJob[] _jobs = new DraftJob[size];

        public int Count { get; set; }

        public ReadOnlyMemory<DraftRequest> Requests => _requests.AsMemory(0, Count);

        public ReadOnlySpan<DraftJob> Jobs => _jobs.AsSpan(0, Count);

        public void Add(in DraftJob job, DraftRequest request)
        {
            _jobs[Count] = job;
            _requests[Count++] = request;
        }
    }
}
