using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Minions.Core.Diagnostics;
using Minions.Core.Pipeline;

namespace Minions.Core.Drafting;

/// <summary>Has the drafts that a request wants propose for it, for every request of a batch, the drafts side by side. Used by one thread at a time.</summary>
internal sealed class DraftPanel : IDisposable
{
    private readonly IReadOnlyList<IDraftModel> _models;
    private readonly Seat[] _seats;
    private readonly PanelThreads _threads;
    private readonly ILogger _logger;
    private readonly CancellationToken _shutdown;
    private readonly TimeProvider _time;
    private readonly RequestState[] _batch;
    private readonly int[] _running;
    private int _batchSize;
    private IPanelWork _work = null!;

    /// <summary>Makes the panel.</summary>
    /// <param name="models">The drafts.</param>
    /// <param name="threads">How many of them run at once.</param>
    /// <param name="batchSize">The most requests of a batch.</param>
    /// <param name="time">Measures what each draft takes.</param>
    /// <param name="logger">Hears of failing drafts.</param>
    /// <param name="shutdown">Passed to the drafts.</param>
    public DraftPanel(IReadOnlyList<IDraftModel> models, int threads, int batchSize, TimeProvider time, ILogger logger, CancellationToken shutdown)
    {
        _models = models;
        _time = time;
        _running = new int[models.Count];
        _logger = logger;
        _shutdown = shutdown;
        _batch = new RequestState[batchSize];
        _seats = [.. models.Select(_ => new Seat(batchSize))];
        _threads = new PanelThreads(RunDraft, threads);
    }

    /// <summary>Leaves each member of each request with its proposal for the work.</summary>
    /// <param name="batch">Requests whose plan has a length above 0.</param>
    /// <param name="work">What to run them for.</param>
    public void Propose(ReadOnlySpan<RequestState> batch, IPanelWork work)
    {
        _work = work;
        batch.CopyTo(_batch);
        _batchSize = batch.Length;
        ulong wanted = 0;
        foreach (RequestState state in batch)
            wanted |= work.Wanted(state);

        int jobs = 0;
        for (int draft = 0; draft < _models.Count; draft++)
        {
            if (DraftSet.Has(wanted, draft))
                _running[jobs++] = draft;
        }

        foreach (RequestState state in batch)
        {
            for (int draft = 0; draft < _models.Count; draft++)
            {
                if (!DraftSet.Has(state.Running, draft))
                    work.LeaveOut(state.Members[draft]);
            }
        }

        if (jobs > 0)
            _threads.Run(jobs);
        Array.Clear(_batch, 0, _batchSize);
    }

    public void Dispose() => _threads.Dispose();

    // A draft never fails a request: whatever it throws only leaves it out of the vote.
    private void RunDraft(int job)
    {
        int draft = _running[job];
        Seat seat = _seats[draft];
        seat.Count = 0;
        for (int i = 0; i < _batchSize; i++)
        {
            RequestState state = _batch[i];
            if (!DraftSet.Has(_work.Wanted(state), draft))
                continue;

            DraftMember member = state.Members[draft];
            try
            {
                if (_work.Prepare(state, draft) is { } request)
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
            Propose(_models[draft], seat, from, Math.Min(most, seat.Count - from));
    }

    private void Propose(IDraftModel model, Seat seat, int from, int count)
    {
        Exception? batchFault = null;
        long start = _time.GetTimestamp();
        try
        {
            model.Propose(seat.Requests.Slice(from, count), _shutdown);
        }
        catch (Exception fault)
        {
            batchFault = fault;
        }

        double seconds = _time.GetElapsedTime(start).TotalSeconds / count;
        for (int i = from; i < from + count; i++)
        {
            _work.Charge(seat.Members[i], seconds);

            // A draft that stopped because it was told to is not at fault.
            if ((batchFault ?? seat.Requests[i].Fault) is { } fault)
            {
                if (fault is not OperationCanceledException || !(_shutdown.IsCancellationRequested || seat.Requests[i].Cancellation.IsCancellationRequested))
                    RecordFault(seat.Members[i], fault);
            }
            else
                _work.Accept(seat.Members[i]);
        }
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

        public ReadOnlySpan<DraftRequest> Requests => _requests.AsSpan(0, Count);

        public void Add(DraftMember member, DraftRequest request)
        {
            Members[Count] = member;
            _requests[Count++] = request;
        }
    }
}
