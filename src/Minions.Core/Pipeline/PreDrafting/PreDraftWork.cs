using Minions.Core.Drafting;

namespace Minions.Core.Pipeline.PreDrafting;

/// <summary>
/// One request's pre-drafting. While the target checks the request's chain, the drafts' sequences are lent to the draft lane, which goes on
/// behind the chain step by step. The verify stage takes them back before it does anything else with the request; should the lane be within
/// a step, the request waits, and the lane hands it back at the step's end. No thread waits for another.
/// </summary>
/// <param name="trials">Says whether pre-drafting pays.</param>
/// <param name="threads">How many drafts run at once.</param>
internal sealed class PreDraftWork(PreDraftExperiment trials, int threads)
{
    private volatile Place _place;
    private bool _hasWorked;
    private bool _hasServed;

    /// <summary>Measures the request's rounds for the trials.</summary>
    public RoundTimer Timer { get; } = new(trials);

    /// <summary>The drafts that another step is of use for.</summary>
    public DraftSet Unfinished { get; private set; }

    /// <summary>Called by the draft stage before it passes a chain on: lends the drafts' sequences if there is anything to pre-draft.</summary>
    /// <param name="state">The request.</param>
    /// <param name="isAlone">Whether no other request is in work.</param>
    /// <returns>Whether the draft lane may begin.</returns>
    public bool TryLend(RequestState state, bool isAlone)
    {
        // The chain and the target's id behind it will be committed; the next chain may fill the request up to one id before its end.
        int length = Math.Min(state.Round!.Plan.Length, state.Remaining - state.ChainLength - 2);
        if (!Timer.Begin(isAlone) || length <= 0)
            return false;

        Unfinished = default;
        for (int i = 0; i < state.Drafts.Length; i++)
        {
            if (state.Round.Running.Contains(i) && state.Drafts[i].BeginPreDraft(state.IdsToVerify.Span, state.ChainLength, length, state.Round.Plan.MinimumConfidence))
                Unfinished = Unfinished.With(i);
        }

        if (!Unfinished.IsEmpty)
            _place = Place.Lent;
        return !Unfinished.IsEmpty;
    }

    /// <summary>Called by the draft lane before a step.</summary>
    /// <returns><see langword="false"/> when the sequences have been taken back.</returns>
    public bool TryBeginStep()
    {
        if (Interlocked.CompareExchange(ref _place, Place.Working, Place.Lent) != Place.Lent)
            return false;

        _hasWorked = true;
        return true;
    }

    /// <summary>Called by the draft lane after a step.</summary>
    /// <param name="state">The request.</param>
    /// <param name="mustHandBack">Whether the verify stage waits for the request.</param>
    /// <returns>Whether there is more to do.</returns>
    public bool EndStep(RequestState state, out bool mustHandBack)
    {
        for (int i = 0; i < state.Drafts.Length; i++)
        {
            if (state.Drafts[i].PreDraft is not { WantsMore: true })
                Unfinished = Unfinished.Except(new DraftSet(1UL << i));
        }

        bool more = !Unfinished.IsEmpty;
        mustHandBack = Interlocked.CompareExchange(ref _place, more ? Place.Lent : Place.Home, Place.Working) == Place.Awaited;
        if (mustHandBack)
            _place = Place.Home;
        return more && !mustHandBack;
    }

    /// <summary>Called by the verify stage when it has something to do with the request beyond running the target.</summary>
    /// <returns><see langword="false"/> when the draft lane will hand the request back; until then nothing of it may be touched.</returns>
    public bool TryTakeBack()
    {
        while (true)
        {
            Place place = _place;
            if (place == Place.Home)
                return true;
            if (Interlocked.CompareExchange(ref _place, place == Place.Lent ? Place.Home : Place.Awaited, place) == place)
                return place == Place.Lent;
        }
    }

    /// <summary>Called by the draft stage when the request comes to its next round: has the drafts propose what they have already.</summary>
    /// <returns>The drafts that need not run, for all that the round asks of them is there.</returns>
    public DraftSet Serve(RequestState state)
    {
        DraftSet served = default;
        _hasServed = false;
        for (int i = 0; i < state.Drafts.Length; i++)
        {
            if (!state.Round!.Running.Contains(i))
                continue;
            if (state.Drafts[i].TryProposePreDrafted(state.JobOf(i)))
                served = served.With(i);
            _hasServed |= state.Drafts[i].PreDraft is { Taken: > 0 };
        }

        if (_hasWorked || _hasServed)
            state.Statistics.PreDraft(_hasServed);
        _hasWorked = false;
        return served;
    }

    /// <summary>
    /// How long the round's drafting took, pre-drafting included: what a step costs must not seem to depend on when it is done,
    /// or lengths and panels would be chosen by luck.
    /// </summary>
    public TimeSpan DraftTime(RequestState state, TimeSpan elapsed)
    {
        if (!_hasServed)
            return elapsed;

        double longest = 0;
        double sum = 0;
        foreach (RequestDraft draft in state.Drafts)
        {
            longest = Math.Max(longest, draft.Seconds);
            sum += draft.Seconds;
        }

        return TimeSpan.FromSeconds(Math.Max(elapsed.TotalSeconds, Math.Max(longest, sum / threads)));
    }

    /// <summary>In whose hands the drafts' sequences are.</summary>
    private enum Place
    {
        /// <summary>The stage that has the request.</summary>
        Home,

        /// <summary>The draft lane's for the taking.</summary>
        Lent,

        /// <summary>The draft lane's, within a step.</summary>
        Working,

        /// <summary>The draft lane's, within a step after which it hands the request back.</summary>
        Awaited,
    }
}
