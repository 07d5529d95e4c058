namespace Minions.Core.Drafting.Economy;

/// <summary>What each draft takes for an id, alone and beside others: processors, caches and memory are shared.</summary>
/// <param name="drafts">The number of drafts.</param>
/// <param name="threads">How many of them run at once.</param>
internal sealed class DraftTimes(int drafts, int threads)
{
    private const double Forgetting = 0.95;

    // Many ids at once are much cheaper than one by one. The first probe measures how much.
    private const double UnknownCatchUp = 0.1;

    private readonly CostMean[] _alone = new CostMean[drafts];
    private readonly CostMean[] _beside = new CostMean[drafts];
    private readonly CostMean[] _newId = new CostMean[drafts];
    private FadingMean _slowdown;

    public void Observe(PanelRound round)
    {
        bool beside = round.DraftSeconds.AsSpan().IndexOfAnyExcept(0) != round.DraftSeconds.AsSpan().LastIndexOfAnyExcept(0);
        for (int i = 0; i < drafts; i++)
        {
            double seconds = round.DraftSeconds[i];
            int ids = Math.Max(1, round.Proposed[i]);
            if (seconds <= 0)
                continue;

            // A round feeds what the last one committed, at most its length and one id more; all beyond is catching up.
            int late = round.NewIds[i] - round.Length - 1;
            if (late <= 0)
                Add(i, beside, seconds / ids, isAlone: round.DraftSlots == 1);
            else if (OfId(i, beside) is > 0 and var ofId)
                _newId[i].Add(Math.Max(0, seconds - ofId * ids) / late);
        }
    }

    /// <summary>The seconds that a draft takes for an id; 0 before it ran.</summary>
    /// <remarks>
    /// Drafts are compared by what they took beside each other, where that is known: what each took alone is of other times, and the machine's
    /// speed changes.
    /// </remarks>
    public double OfId(int draft, bool beside)
    {
        double slowdown = Math.Max(1, _slowdown.Mean);
        if (_beside[draft].IsKnown)
            return beside ? _beside[draft].Mean : _beside[draft].Mean / slowdown;
        return beside ? _alone[draft].Mean * slowdown : _alone[draft].Mean;
    }

    /// <summary>The seconds that a draft takes to catch up with an id it has not seen.</summary>
    public double OfNewId(int draft) => _newId[draft].IsKnown ? _newId[draft].Mean : OfId(draft, beside: false) * UnknownCatchUp;

    private void Add(int draft, bool beside, double seconds, bool isAlone)
    {
        (beside ? _beside : _alone)[draft].Add(seconds);

        // Requests that share a run make its ids cheaper, which is not what company costs.
        if (isAlone && !beside && _beside[draft].IsKnown)
            _slowdown.Add(Math.Clamp(_beside[draft].Mean / seconds, 1, threads), Forgetting);
    }
}
