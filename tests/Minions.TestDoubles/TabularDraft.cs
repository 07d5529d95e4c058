using Minions.Core;
using Minions.Core.Drafting;
using Minions.Core.Generation;

namespace Minions.TestDoubles;

/// <summary>A draft whose next id is any function of the ids before it: right, wrong, random, none at all or throwing.</summary>
public sealed class TabularDraft(string name, Func<ReadOnlySpan<int>, int> next, int contextLength = 1024) : IDraftModel
{
    /// <summary>What a function returns that has nothing to say.</summary>
    public const int Nothing = int.MinValue;

    private readonly TaskCompletionSource _disposed = new();
    private int _openSequences;
    private int _misuses;

    public string Name => name;

    public int ContextLength => contextLength;

    public bool SupportsPreDrafting { get; init; }

    /// <summary>Whether it asks for the target's states; it looks at them only by <see cref="BeforePropose"/>.</summary>
    public bool ReadsStates { get; init; }

    public bool IsFree { get; init; }

    public bool HeedsCancellation { get; init; }

    public bool ContinuesChains { get; init; }

    /// <summary>What it says of each id's probability.</summary>
    public float Probability { get; init; } = float.NaN;

    /// <summary>Called before a sequence is opened; may throw or block.</summary>
    public Action BeforeOpen { get; init; } = () => { };

    /// <summary>Called with each request before it is worked on; may throw or block.</summary>
    public Action<DraftRequest> BeforePropose { get; init; } = _ => { };

    public int OpenSequences => _openSequences;

    /// <summary>How often a sequence was used by two threads at once, disposed while it was in use, or used after that.</summary>
    public int Misuses => _misuses;

    public int Proposals { get; private set; }

    public int Disposals { get; private set; }

    public bool IsDisposed => Disposals > 0;

    /// <summary>Ends with the first disposal.</summary>
    public Task Disposed => _disposed.Task;

    public IDraftSequence OpenSequence(SequenceOptions options)
    {
        BeforeOpen();
        Interlocked.Increment(ref _openSequences);
        return new Sequence(this);
    }

    public void Propose(ReadOnlySpan<DraftRequest> batch, CancellationToken cancellationToken)
    {
        foreach (DraftRequest request in batch)
        {
            Proposals++;
            ((Sequence)request.Sequence).Use(() => Propose(request));
        }
    }

    public void Dispose()
    {
        Disposals++;
        _disposed.TrySetResult();
    }

    private void Propose(DraftRequest request)
    {
        BeforePropose(request);
        List<int> ids = [.. request.Context.Span];
        for (int i = 0; i < request.Length; i++)
        {
            int token = next(ids.ToArray());
            if (token == Nothing)
                break;

            request.Proposal.Add(token, Probability);
            ids.Add(token);
        }
    }

    private sealed class Sequence(TabularDraft draft) : IDraftSequence
    {
        private const int Idle = 0;
        private const int InUse = 1;
        private const int Disposed = 2;

        private int _use;

        public void Use(Action work)
        {
            Expect(Idle, Interlocked.CompareExchange(ref _use, InUse, Idle));
            try
            {
                work();
            }
            finally
            {
                Expect(InUse, Interlocked.CompareExchange(ref _use, Idle, InUse));
            }
        }

        public void Dispose()
        {
            Expect(Idle, Interlocked.Exchange(ref _use, Disposed));
            Interlocked.Decrement(ref draft._openSequences);
        }

        private void Expect(int expected, int use)
        {
            if (use != expected)
                Interlocked.Increment(ref draft._misuses);
        }
    }
}
