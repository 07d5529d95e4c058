using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Minions.Core.Diagnostics;
using Minions.Core.Pipeline;

namespace Minions.Core.Drafting;

/// <summary>Has the drafts that a request wants propose for it, for every request of a batch, the drafts side by side. Used by one thread at a time.</summary>
internal sealed class DraftPanel : IDisposable
{
    private readonly IReadOnlyList<IDraftModel> _models;
    private readonly GuestDrafts _guests;
    private readonly Seat[] _seats;
    private readonly PanelThreads _threads;
    private readonly ILogger _logger;
    private readonly CancellationToken _shutdown;
    private readonly TimeProvider _time;
    private readonly RequestState[] _batch;
    private readonly PanelJobs _jobs;
    private readonly ulong _mayShare;
    private int _batchSize;
    private IPanelWork _work = null!;
    private int _losses;

    /// <summary>Makes the panel.</summary>
    /// <param name="models">The drafts.</param>
    /// <param name="guests">Those of them that are waited for with a limit.</param>
    /// <param name="threads">How many runs there may be at once.</param>
    /// <param name="batchSize">The most requests of a batch.</param>
    /// <param name="time">Measures what each draft takes.</param>
    /// <param name="logger">Hears of failing drafts.</param>
    /// <param name="shutdown">Passed to the drafts.</param>
    public DraftPanel(IReadOnlyList<IDraftModel> models, GuestDrafts guests, int threads, int batchSize, TimeProvider time, ILogger logger, CancellationToken shutdown)
    {
        _models = models;
        _guests = guests;
        _time = time;
        _jobs = new PanelJobs(models.Count, threads);
        _logger = logger;
        _shutdown = shutdown;
        _batch = new RequestState[batchSize];
        _seats = [.. Enumerable.Range(0, PanelJobs.MostJobs(models.Count, threads)).Select(_ => new Seat(batchSize))];
        for (int draft = 0; draft < models.Count; draft++)
            _mayShare |= models[draft].HeedsCancellation && models[draft].MaxBatchSize > 1 ? 1UL << draft : 0;
        _threads = new PanelThreads(RunDraft, threads);
    }

    /// <summary>Whether the last work waited for a draft in vain.</summary>
    public bool HasLostTime => Volatile.Read(ref _losses) > 0;

    /// <summary>Leaves each member of each request with its proposal for the work.</summary>
    /// <param name="batch">Requests whose plan has a length above 0.</param>
    /// <param name="work">What to run them for.</param>
    public void Propose(ReadOnlySpan<RequestState> batch, IPanelWork work)
    {
        _work = work;
        _losses = 0;
        batch.CopyTo(_batch);
        _batchSize = batch.Length;
        _jobs.Clear();
        foreach (RequestState state in batch)
        {
            _jobs.Add(work.Wanted(state));
            for (int draft = 0; draft < _models.Count; draft++)
            {
                if (!DraftSet.Has(state.Running, draft))
                    work.LeaveOut(state.Members[draft]);
            }
        }

        _jobs.ShareOut(_mayShare);
        if (_jobs.Count > 0)
            _threads.Run(_jobs.Count);
        Array.Clear(_batch, 0, _batchSize);
    }

    public void Dispose() => _threads.Dispose();

    // A draft never fails a request: whatever it throws only leaves it out of the vote.
    private void RunDraft(int job)
    {
        (int draft, int first, int requests, int parts, int place) = _jobs[job];
        Seat seat = _seats[place];
        seat.Count = 0;
        int met = 0;
        for (int i = 0; i < _batchSize && met < first + requests; i++)
        {
            RequestState state = _batch[i];
            if (!DraftSet.Has(_work.Wanted(state), draft) || met++ < first)
                continue;

            DraftMember member = state.Members[draft];
            try
            {
                if (!IsAtHand(draft, state))
                    _work.LeaveOut(member);
                else if (_work.Prepare(state, draft) is { } request)
                    seat.Add(member, request);
            }
            catch (Exception fault)
            {
                RecordFault(member, fault);
            }
        }

        // Drafts of a panel may differ in how many requests they take at once.
        int most = Math.Max(1, _models[draft].MaxBatchSize);
        for (int from = 0; from < seat.Count; from += most)
            Propose(draft, seat, from, Math.Min(most, seat.Count - from), parts);
    }

    // A guest is left out while it is away, and opens its sequences on its own thread: that may hang too.
    private bool IsAtHand(int draft, RequestState state)
    {
        if (_guests[draft] is not { } guest)
            return true;
        if (guest.IsAway)
            return false;

        DraftMember member = state.Members[draft];
        if (!member.WantsSequence(state.Committed))
            return true;

        if (guest.TryOpenSequence(state.SequenceOptions, out IDraftSequence? sequence))
        {
            member.Adopt(sequence!, held: 0);
            return true;
        }

        Abandon(guest, [member]);
        return false;
    }

    private void Propose(int draft, Seat seat, int from, int count, int sideBySide)
    {
        GuestDraft? guest = _guests[draft];
        if (guest is { IsAway: true })
            return;

        Exception? batchFault = null;
        long start = _time.GetTimestamp();
        try
        {
            ReadOnlyMemory<DraftRequest> requests = seat.Requests.Slice(from, count);
            if (guest is null)
            {
                _models[draft].Propose(requests.Span, _shutdown);
            }
            else if (!guest.TryPropose(requests))
            {
                Abandon(guest, seat.Members.AsSpan(from, count));
                return;
            }
        }
        catch (Exception fault)
        {
            batchFault = fault;
        }

        // Each bears its part of the time that passed, in which the draft's other jobs were done as well.
        double seconds = _time.GetElapsedTime(start).TotalSeconds / count / sideBySide;
        for (int i = from; i < from + count; i++)
        {
            _work.Charge(seat.Members[i], seconds);

            // A draft that stopped because it was told to is not at fault.
            if ((batchFault ?? seat.Requests.Span[i].Fault) is { } fault)
            {
                if (fault is not OperationCanceledException || !(_shutdown.IsCancellationRequested || seat.Requests.Span[i].Cancellation.IsCancellationRequested))
                    RecordFault(seat.Members[i], fault);
            }
            else
                _work.Accept(seat.Members[i]);
        }
    }

    private void Abandon(GuestDraft guest, ReadOnlySpan<DraftMember> members)
    {
        Interlocked.Increment(ref _losses);
        foreach (DraftMember member in members)
            member.Abandon();
        guest.ReportHang();
    }

    private void RecordFault(DraftMember member, Exception fault)
    {
        // A sequence may fail to close, and a logger to log: neither may take the thread along.
        UserCode.Guard(_logger, member.RecordFault);
        UserCode.Guard(NullLogger.Instance, () => LogMessages.DraftFailed(_logger, member.Name, member.Faults, fault));
    }

    private sealed class Seat(int size)
    {
        private readonly DraftRequest[] _requests = new DraftRequest[size];

        public DraftMember[] Members { get; } = new DraftMember[size];

        public int Count { get; set; }

        public ReadOnlyMemory<DraftRequest> Requests => _requests.AsMemory(0, Count);

        public void Add(DraftMember member, DraftRequest request)
        {
            Members[Count] = member;
            _requests[Count++] = request;
        }
    }
}
