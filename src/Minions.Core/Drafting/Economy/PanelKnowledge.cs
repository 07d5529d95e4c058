using System.Numerics;

namespace Minions.Core.Drafting.Economy;

/// <summary>
/// What the requests of a pipeline learnt together: what rounds cost, which panel a request best begins with, and when resting drafts are
/// probed. One a pipeline; <see cref="RequestPanel"/> uses it under its lock. Reads no clock.
/// </summary>
internal sealed class PanelKnowledge
{
    // Of a panel's beginnings the last 30 requests or so count, one sample a request: the next may be of any kind.
    private const double RequestForgetting = 0.97;

    // Kinds of text take turns: what pays for the first few requests need not pay for the next.
    private const int LeastRequests = 10;

    // The share of requests that have to go on with a draft for the others to begin with it.
    private const double LeastStays = 0.1;

    private const double RoundForgetting = 0.998;

    private readonly PanelEvidence _beginnings;
    private readonly FadingMean[] _gains;
    private readonly FadingMean[] _stays;
    private FadingMean _accepted;
    private int _requests;

    public PanelKnowledge(int drafts, int threads)
    {
        Drafts = drafts;
        Costs = new PanelCosts(drafts, threads);
        Probing = new ProbeBudget(drafts);
        FirstPanel = DraftSet.First(drafts);
        _beginnings = new PanelEvidence(drafts, PanelEvidence.OfRequests);
        _gains = new FadingMean[drafts];
        _stays = new FadingMean[drafts];
    }

    public Lock Gate { get; } = new();

    public int Drafts { get; }

    public PanelCosts Costs { get; }

    public ProbeBudget Probing { get; }

    /// <summary>What it tells how drafts held a prompt.</summary>
    public ReadingValue Reading { get; } = new();

    /// <summary>The panel that new requests begin with.</summary>
    public ulong FirstPanel { get; private set; }

    /// <summary>The ids a round usually has accepted, whatever panel ran.</summary>
    public FadingMean Accepted => _accepted;

    public void Observe(PanelRound round)
    {
        Costs.Observe(round);
        if (round.Length > 0)
            _accepted.Add(round.Accepted, RoundForgetting);
    }

    /// <summary>Gives a request what is known of the panel it begins with.</summary>
    public void Begin(PanelEvidence evidence) => evidence.CopyFrom(_beginnings);

    /// <summary>Takes what a request's rounds with <see cref="FirstPanel"/> showed.</summary>
    /// <param name="first">The panel that the request began with.</param>
    /// <param name="last">The one that it ended with, if that was left as it is after some rounds.</param>
    /// <param name="rounds">What the rounds with the first showed.</param>
    /// <param name="mayBeEmpty">Whether plain decoding is allowed.</param>
    public void LearnBeginning(ulong first, ulong? last, PanelEvidence rounds, bool mayBeEmpty)
    {
        if (first != FirstPanel || first == 0)
            return;

        _beginnings.Add(rounds, RequestForgetting);
        for (int i = 0; i < _stays.Length && last is not null; i++)
        {
            if (DraftSet.Has(first, i))
                _stays[i].Add(DraftSet.Has(last.Value, i) ? 1 : 0, RequestForgetting);
        }

        if (++_requests < LeastRequests)
            return;

        PanelChoice choice = PanelChoice.Make(FirstPanel, _beginnings, Costs, mayBeEmpty);
        ulong next = choice.Panel | Specialists();
        if (next != FirstPanel)
            MoveOn(next == choice.Panel ? choice : new PanelChoice(next, 0));
    }

    // Which draft knows a text shows in its first rounds, if all run in them that know some: of no use on the average is no reason to go.
    private ulong Specialists()
    {
        ulong specialists = 0;
        for (int i = 0; i < _stays.Length; i++)
            specialists |= DraftSet.Has(FirstPanel, i) && _stays[i].Mean >= LeastStays ? 1UL << i : 0;
        return specialists;
    }

    /// <summary>Takes what a probe showed.</summary>
    /// <param name="draft">The draft that was probed.</param>
    /// <param name="gain">The ids a round that it added.</param>
    public void LearnProbe(int draft, double gain)
    {
        ref FadingMean gains = ref _gains[draft];
        gains.Add(gain, RequestForgetting);
        ulong larger = FirstPanel | 1UL << draft;
        if (larger == FirstPanel || gains.Count < PanelChoice.LeastSamples - 1)
            return;

        double accepted = _beginnings.Accepted.Mean;
        if (Costs.Goodput(larger, accepted + gains.Mean - gains.Error(PanelEvidence.OfRounds)) > Costs.Goodput(FirstPanel, accepted) * PanelChoice.Hysteresis)
            MoveOn(new PanelChoice(larger, gains.Mean));
    }

    private void MoveOn(PanelChoice choice)
    {
        for (ulong changed = FirstPanel ^ choice.Panel; changed != 0; changed &= changed - 1)
            _gains[BitOperations.TrailingZeroCount(changed)] = _stays[BitOperations.TrailingZeroCount(changed)] = default;
        FirstPanel = choice.Panel;
        _requests = 0;
        _beginnings.MoveOn(choice.Gain, samples: 2);
    }
}
