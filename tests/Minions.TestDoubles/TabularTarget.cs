using Minions.Core;
using Minions.Core.Generation;
using Minions.Core.States;
using Minions.Core.Verification;

namespace Minions.TestDoubles;

/// <summary>
/// A target whose next id is a pure function of the ids before it, so that tests know the whole truth. Like a real one it keeps what was
/// run; unlike a real one it can be told to fail or to wait.
/// </summary>
public sealed class TabularTarget(Func<ReadOnlySpan<int>, int> next, int vocabularySize = 16, int contextLength = 1024) : ITargetVerifier
{
    private static readonly StateLayout PositionAndId = new([new StatePart("position", 1), new StatePart("id", 1)]);

    private readonly TaskCompletionSource _disposed = new();

    public int ContextLength => contextLength;

    public int VocabularySize => vocabularySize;

    public Exactness Exactness => Exactness.Guaranteed;

    public int MaxBatchSize { get; init; } = 1;

    /// <summary>Called before each verification; may throw or block.</summary>
    public Action<VerificationRequest> BeforeVerify { get; init; } = _ => { };

    /// <summary>Whether it breaks the contract: it returns without having chosen.</summary>
    public bool IsSilent { get; init; }

    /// <summary>Whether its sequences can serve one request after another.</summary>
    public bool IsReusable { get; init; }

    /// <summary>Whether it gives states: of each row it runs the position and the id.</summary>
    public bool GivesStates { get; init; }

    public StateLayout? States => GivesStates ? PositionAndId : null;

    public int OpenSequences { get; private set; }

    /// <summary>How often a sequence was reopened under another cache key than its own.</summary>
    public int MixedKeys { get; private set; }

    public int Verifications { get; private set; }

    public int Disposals { get; private set; }

    public bool IsDisposed => Disposals > 0;

    /// <summary>Ends with the first disposal.</summary>
    public Task Disposed => _disposed.Task;

    public ITargetSequence OpenSequence(SequenceOptions options)
    {
        OpenSequences++;
        return IsReusable ? new ReusableSequence(this, options.CacheKey) : new Sequence(this);
    }

    public void Verify(ReadOnlySpan<VerificationRequest> batch, CancellationToken cancellationToken)
    {
        foreach (VerificationRequest request in batch)
        {
            Verifications++;
            BeforeVerify(request);
            if (GivesStates)
                ((Sequence)request.Sequence).Run(request.Ids.Span, request.RowsWanted, request.States);
            var logits = new float[vocabularySize];
            for (int row = IsSilent ? 0 : request.RowsWanted; row > 0; row--)
            {
                Array.Fill(logits, -1);
                logits[next(request.Ids.Span[..(request.Ids.Length - row + 1)])] = 1;
                if (!request.Choose(logits))
                    break;
            }
        }
    }

    public void Dispose()
    {
        Disposals++;
        _disposed.TrySetResult();
    }

    /// <summary>What plain decoding has to give: the promise every other way of decoding is held to.</summary>
    public List<int> Decode(IReadOnlyList<int> prompt, int count)
    {
        List<int> ids = [.. prompt];
        for (int i = 0; i < count; i++)
            ids.Add(next(ids.ToArray()));
        return ids[prompt.Count..];
    }

    private class Sequence(TabularTarget target) : ITargetSequence
    {
        private readonly List<int> _held = [];

        /// <summary>Runs what is new, two rows at least, and the rows that are wanted.</summary>
        public void Run(ReadOnlySpan<int> ids, int rowsWanted, TargetStates? states)
        {
            int shared = ids.CommonPrefixLength(_held.ToArray());
            for (int position = Math.Max(0, Math.Min(shared, ids.Length - Math.Max(2, rowsWanted))); states is not null && position < ids.Length; position++)
            {
                Span<float> row = states.Write(position);
                (row[0], row[1]) = (position, ids[position]);
            }

            _held.Clear();
            _held.AddRange(ids);
        }

        public void Dispose() => target.OpenSequences--;
    }

    private sealed class ReusableSequence(TabularTarget target, string? cacheKey) : Sequence(target), IReusableSequence
    {
        private readonly TabularTarget _target = target;

        public void Reopen(SequenceOptions options) => _target.MixedKeys += options.CacheKey == cacheKey ? 0 : 1;
    }
}
