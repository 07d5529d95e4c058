using System.Diagnostics.CodeAnalysis;

namespace Minions.Core.Pipeline;

/// <summary>
/// The intermediate pool of Minions (arXiv 2402.15678, section 4.3): the requests that wait for the target, prompts and chains alike. While its
/// chains make a verification batch, more of them would only lie there, so drafting pauses.
/// </summary>
/// <remarks>
/// Anyone adds, the verify stage takes, the draft stage asks. Only chains count: prompts and requests that decode plainly come back from the
/// target without drafting and could hold it up for ever, while a chain that is taken comes back by way of the drafts.
/// </remarks>
/// <param name="capacity">The most requests there can be.</param>
/// <param name="batchSize">How many requests one verification takes.</param>
/// <param name="resumeDrafting">Called within <see cref="BatchTaken"/> when a pause is over.</param>
internal sealed class VerificationQueue(int capacity, int batchSize, Action resumeDrafting)
{
    private readonly RequestQueue _requests = new("verification", capacity);
    private int _chains;
    private int _isPaused;

    public int Count => _requests.Count;

    public void Add(RequestState state)
    {
        // Counted before it can be taken, and asked while it is the caller's.
        bool isChain = IsChain(state);
        if (isChain)
            Interlocked.Increment(ref _chains);
        if (!_requests.Add(state) && isChain)
            Interlocked.Decrement(ref _chains);
    }

    public bool TryTake([MaybeNullWhen(false)] out RequestState state)
    {
        if (!_requests.TryTake(out state))
            return false;

        if (IsChain(state))
            Interlocked.Decrement(ref _chains);
        return true;
    }

    /// <summary>Called by the verify stage when it has taken a batch, before it runs it.</summary>
    public void BatchTaken()
    {
        if (Volatile.Read(ref _chains) < batchSize && Interlocked.Exchange(ref _isPaused, 0) != 0)
            resumeDrafting();
    }

    /// <summary>Asked by the draft stage before it takes requests that wait for it.</summary>
    /// <returns>Whether it has to leave them; then it is called back.</returns>
    public bool MustPauseDrafting()
    {
        if (Volatile.Read(ref _chains) < batchSize)
            return false;

        // The pause is on record before the last look: a batch taken earlier is seen here, and with one taken later it is seen there.
        Interlocked.Exchange(ref _isPaused, 1);
        if (Volatile.Read(ref _chains) >= batchSize)
            return true;

        Volatile.Write(ref _isPaused, 0);
        return false;
    }

    // One with an outcome has been verified and waits for its drafts only.
    private static bool IsChain(RequestState state) => state.ChainLength > 0 && state.Outcome is null;
}
