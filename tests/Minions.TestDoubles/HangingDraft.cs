using System.Collections.Concurrent;
using Minions.Core;
using Minions.Core.Drafting;
using Minions.Core.Generation;

namespace Minions.TestDoubles;

/// <summary>
/// A draft whose calls hang when told to, deaf to their token, until they are let return. It watches over what nobody may touch meanwhile.
/// </summary>
/// <param name="name">Its name.</param>
/// <param name="next">The id that it proposes after a prefix.</param>
/// <param name="contextLength">The most ids it takes.</param>
public sealed class HangingDraft(string name, Func<ReadOnlySpan<int>, int> next, int contextLength = 1024) : IDraftModel
{
    private readonly SemaphoreSlim _return = new(0);
    private readonly ConcurrentQueue<string> _offences = [];
    private volatile Sequence[] _held = [];
    private volatile bool _hangs;
    private int _calls;
    private int _inCall;
    private int _open;
    private int _disposals;

    /// <summary>Asked at the beginning of each call that opens a sequence, with true, or proposes.</summary>
    public Func<bool, bool> Hangs { get; init; } = _ => false;

    /// <summary>Called within a call that begins to hang; typically it lets the limit pass.</summary>
    public Action OnHang { get; init; } = () => { };

    /// <summary>Whether a call returns on its own when the limit has just passed, so that it races with whoever waits for it.</summary>
    public Func<bool> IsMerelyLate { get; init; } = () => false;

    /// <summary>Whether its sequences can serve one request after another.</summary>
    public bool IsReusable { get; init; }

    public int MaxBatchSize { get; init; } = 1;

    public bool SupportsPreDrafting { get; init; }

    public string Name => name;

    public int ContextLength => contextLength;

    /// <summary>Whether a call hangs now.</summary>
    public bool IsHanging => _hangs;

    /// <summary>How many sequences the call that hangs holds.</summary>
    public int Held => _held.Length;

    /// <summary>The calls that proposed or opened a sequence, begun so far.</summary>
    public int Calls => Volatile.Read(ref _calls);

    public int OpenSequences => Volatile.Read(ref _open);

    public int Disposals => Volatile.Read(ref _disposals);

    /// <summary>What was done that may not be done.</summary>
    public IReadOnlyCollection<string> Offences => _offences;

    /// <summary>Lets the call that hangs return and waits until what it held is freed.</summary>
    public void LetReturn()
    {
        _hangs = false;
        _return.Release();
        WaitFor(() => _held.All(sequence => sequence.IsClosed));
    }

    /// <summary>Waits for something that another thread is about to do.</summary>
    public static void WaitFor(Func<bool> done)
    {
        if (!SpinWait.SpinUntil(done, TimeSpan.FromMinutes(1)))
            throw new TimeoutException("What should happen at once has not happened in a minute.");
    }

    public IDraftSequence OpenSequence(SequenceOptions options)
    {
        Sequence sequence = IsReusable ? new ReusableSequence(this, options.CacheKey) : new Sequence(this);
        return Call([sequence], isOpening: true, _ => sequence);
    }

    public void Propose(ReadOnlySpan<DraftRequest> batch, CancellationToken cancellationToken)
    {
        DraftRequest[] requests = batch.ToArray();
        (ReadOnlyMemory<int> Context, int[] Ids, int Length)[] asked = [.. requests.Select(request => (request.Context, request.Context.ToArray(), request.Length))];
        Call([.. requests.Select(request => (Sequence)request.Sequence)], isOpening: false, hung =>
        {
            for (int i = 0; i < requests.Length; i++)
            {
                DraftRequest request = requests[i];
                if (!request.Context.Equals(asked[i].Context) || !request.Context.Span.SequenceEqual(asked[i].Ids) || request.Length != asked[i].Length || request.Proposal.Count > 0)
                    _offences.Enqueue("A request changed within a call.");

                // What comes too late is rubbish, and nobody may read it.
                List<int> ids = [.. asked[i].Ids];
                for (int at = 0; at < request.Length; at++)
                {
                    ids.Add(hung ? 0 : next(ids.ToArray()));
                    request.Proposal.Add(ids[^1]);
                }
            }

            return true;
        });
    }

    public void Dispose()
    {
        if (Volatile.Read(ref _inCall) > 0)
            _offences.Enqueue("The model was disposed within a call.");
        if (Interlocked.Increment(ref _disposals) > 1)
            _offences.Enqueue("The model was disposed twice.");
    }

    private T Call<T>(Sequence[] sequences, bool isOpening, Func<bool, T> answer)
    {
        Interlocked.Increment(ref _calls);
        if (Interlocked.Increment(ref _inCall) > 1)
            _offences.Enqueue("Two calls at once.");
        foreach (Sequence sequence in sequences)
            sequence.Enter();
        try
        {
            bool hangs = Hangs(isOpening);
            if (hangs)
                Hang(sequences);
            return answer(hangs);
        }
        finally
        {
            foreach (Sequence sequence in sequences)
                sequence.Leave();
            Interlocked.Decrement(ref _inCall);
        }
    }

    private void Hang(Sequence[] sequences)
    {
        if (IsMerelyLate())
        {
            OnHang();
            return;
        }

        _held = sequences;
        _hangs = true;
        OnHang();
        _return.Wait();
    }

    private class Sequence : IDraftSequence
    {
        private readonly HangingDraft _draft;
        private int _isUsed;
        private int _isClosed;

        public Sequence(HangingDraft draft)
        {
            _draft = draft;
            Interlocked.Increment(ref draft._open);
        }

        public bool IsClosed => Volatile.Read(ref _isClosed) > 0;

        public void Enter()
        {
            if (Interlocked.Exchange(ref _isUsed, 1) > 0 || IsClosed)
                _draft._offences.Enqueue("A sequence was used that is closed or in a call.");
        }

        public void Leave() => Volatile.Write(ref _isUsed, 0);

        public void Dispose()
        {
            // Who waits for it to be closed counts the open ones next.
            Interlocked.Decrement(ref _draft._open);
            if (Volatile.Read(ref _isUsed) > 0 || _draft.Disposals > 0 || Interlocked.Exchange(ref _isClosed, 1) > 0)
                _draft._offences.Enqueue("A sequence was closed within a call, after its model or twice.");
        }
    }

    private sealed class ReusableSequence(HangingDraft draft, string? cacheKey) : Sequence(draft), IReusableSequence
    {
        private readonly ConcurrentQueue<string> _offences = draft._offences;

        public void Reopen(SequenceOptions options)
        {
            if (options.CacheKey != cacheKey)
                _offences.Enqueue("A sequence was reopened under another cache key.");
        }
    }
}
