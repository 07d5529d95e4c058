using Minions.Core.Drafting;

namespace Minions.Core.Pipeline.PreDrafting;

/// <summary>The draft stage's part in pre-drafting: takes in the request whose chain goes to verification, and does step after step for it. Used by one thread at a time.</summary>
/// <param name="runner">Runs the drafts.</param>
/// <param name="isAlone">Whether one request is in work and no other.</param>
/// <param name="handBack">Passes a request on to the verify stage.</param>
/// <param name="wakeLane">Wakes the draft lane.</param>
internal sealed class PreDraftScheduler(DraftRunner runner, Func<bool> isAlone, Action<RequestState> handBack, Action wakeLane)
{
    private RequestState? _lent;

    /// <summary>Whether there may be something to do.</summary>
    public bool HasWork => _lent is not null;

    /// <summary>Called with a request that is about to be verified.</summary>
    public void Offer(RequestState state)
    {
        if (state.PreDraft is { } work && work.TryLend(state, isAlone()))
            _lent = state;
    }

    /// <summary>Wakes the draft lane, for the thread that offered a request may be another lane's.</summary>
    public void Wake() => wakeLane();

    /// <summary>Does one step.</summary>
    /// <returns><see langword="false"/> when there was nothing to do.</returns>
    public bool TryStep()
    {
        if (_lent is not { } state)
            return false;

        PreDraftWork work = state.PreDraft!;
        if (!isAlone() || state.Abort is not null || !work.TryBeginStep())
        {
            _lent = null;
            return false;
        }

        try
        {
            runner.Clear();
            for (int i = 0; i < state.Drafts.Length; i++)
            {
                if (work.Unfinished.Contains(i))
                    runner.Add(new DraftJob(i, state.Drafts[i], default, 1, IsPreDraft: true));
            }

            runner.Run();
        }
        catch
        {
            _lent = null;
            throw;
        }
        finally
        {
            if (!work.EndStep(state, out bool mustHandBack))
                _lent = null;
            if (mustHandBack)
                handBack(state);
        }

        return true;
    }
}
