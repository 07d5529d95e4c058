using System.Numerics;

namespace Minions.Core.Drafting.Economy;

/// <summary>
/// Decides, round by round, which drafts of a request run: the panel with the most ids a second. It begins with what the pipeline has learnt,
/// drops drafts that add less than their time costs, and probes those that rest now and then. A pure function of the rounds it is shown.
/// </summary>
/// <remarks>Used by one thread at a time; what it shares with other requests is locked.</remarks>
internal sealed class RequestPanel
{
    /// <summary>The chance from which on a guess is reason enough to do without drafts: that they rest then says nothing about them.</summary>
    public const double SureGuess = 0.25;

    /// <summary>Whatever other requests showed, a panel is changed only after so many rounds of this text, unless its prompt tells the draft.</summary>
    public const int LeastRounds = 6;

    // What was seen of a panel still counts as much once its worst draft has left.
    private const double RoundsWithWorst = 6;

    // The length rule may let drafts rest for a round or two.
    private const int MostRests = 4;

    // Before its drafts have run at all a panel is given some more: which of them it would give way to is not known.
    private const int MostRestsBefore = 8;

    private const double Forgetting = 0.92;
    private const double RecentForgetting = 0.85;

    // What other requests showed counts as much as two rounds of this one: its text may be of another kind.
    private const double PriorRounds = 2;

    // Standard errors below the usual acceptance that say that the text has changed.
    private const double ClearFall = 1.5;

    private readonly PanelKnowledge _shared;
    private readonly bool _mayBeEmpty;
    private readonly PanelEvidence _evidence;
    private readonly DraftProbe _probe;
    private readonly int[] _seen;
    private PanelOpening? _opening;
    private ulong _panel;
    private FadingMean _recent;
    private bool _judged;
    private int _rounds;
    private int _rested;

    /// <summary>Makes the panel of a request.</summary>
    /// <param name="shared">What the pipeline has learnt.</param>
    /// <param name="mayBeEmpty">Whether the request allows rounds of length 0.</param>
    public RequestPanel(PanelKnowledge shared, bool mayBeEmpty)
    {
        _shared = shared;
        _mayBeEmpty = mayBeEmpty;
        _evidence = new PanelEvidence(shared.Drafts, PanelEvidence.OfRounds);
        _probe = new DraftProbe(shared.Drafts);
        _seen = new int[shared.Drafts];
    }

    /// <summary>The draft being probed, or -1.</summary>
    public int Candidate => _probe.Draft;

    /// <summary>The least length that would show which of the drafts suit the text best, while that is open; else 0.</summary>
    public int WishedLength { get; private set; }

    /// <summary>Whether the next round's drafts are to tell how they hold the text.</summary>
    public bool WantsReading { get; private set; }

    /// <summary>Answers which drafts run in the next round, one bit each.</summary>
    /// <param name="contextLength">The ids committed so far.</param>
    public ulong Plan(int contextLength)
    {
        lock (_shared.Gate)
        {
            PanelOpening opening = _opening ?? Begin();
            if (!_probe.IsOn && (_rested == 0 || _panel == 0))
                BeginProbe(contextLength);
            (WishedLength, WantsReading) = (opening.WishedLength, opening.WantsReading);
            return _panel;
        }
    }

    /// <summary>Learns from a verified round and settles which drafts stay.</summary>
    public void Observe(PanelRound round)
    {
        lock (_shared.Gate)
        {
            _shared.Observe(round);
            double drafting = _shared.Costs.Drafting(round);
            _shared.Probing.Earn(drafting + round.VerifySeconds);
            for (int i = 0; i < _seen.Length; i++)
            {
                if (!DraftSet.Has(_panel, i))
                    _shared.Probing.Rest(i);
                else if (round.DraftSeconds[i] > 0)
                    _seen[i] = round.ContextLength;
            }

            if (round.Length > 0)
                _rested = 0;
            else if (!round.HasSureGuess && ++_rested == (WantsReading ? MostRestsBefore : MostRests))
                GiveWay();
            if (round.Length == 0 || round.Running != _panel)
                return;

            _evidence.Add(round, Forgetting);
            _recent.Add(round.Accepted, RecentForgetting);
            if (_probe.IsOn)
                ContinueProbe(round, drafting);
            else if (!_opening!.IsOver && _opening.Observe(round, _evidence.Accepted.Mean) is { } choice)
                Leave(choice, PriorRounds);
            else
                Reconsider();
        }
    }

    /// <summary>Passes on what the request taught. Called once, when it has ended well.</summary>
    public void Publish()
    {
        lock (_shared.Gate)
            _opening?.Publish(_judged ? _panel : null, _mayBeEmpty);
    }

    private PanelOpening Begin()
    {
        _panel = _shared.FirstPanel;
        if (_panel == 0 && !_mayBeEmpty)
            _panel = 1;
        _shared.Begin(_evidence);
        _evidence.Weaken(PriorRounds);
        return _opening = new PanelOpening(_shared, _panel);
    }

    private void Reconsider()
    {
        if (++_rounds < LeastRounds)
            return;

        PanelChoice choice = PanelChoice.Make(_panel, _evidence, _shared.Costs, _mayBeEmpty);
        _judged = choice.Panel == _panel;
        if (_judged)
            return;

        // A few rounds tell better which draft is the worst than which is the best.
        double samples = PriorRounds;
        if (BitOperations.PopCount(_panel) - BitOperations.PopCount(choice.Panel) > 1 && choice.Panel != 0)
            (choice, samples) = (PanelChoice.WithoutWorst(_panel, _evidence, _shared.Costs), RoundsWithWorst);

        Leave(choice, samples);
    }

    private void Leave(PanelChoice choice, double samples)
    {
        for (ulong leaving = _panel & ~choice.Panel; leaving != 0; leaving &= leaving - 1)
            _shared.Probing.Dismiss(BitOperations.TrailingZeroCount(leaving));
        Change(choice.Panel);
        _evidence.MoveOn(choice.Gain, samples);
    }

    private void BeginProbe(int contextLength)
    {
        bool urgent = HasFallen();
        int chosen = -1;
        for (int i = 0; i < _seen.Length; i++)
        {
            if (DraftSet.Has(_panel, i) || !_shared.Probing.Allows(i, ProbeCost(i, contextLength), urgent))
                continue;
            if (chosen < 0 || _shared.Probing.Overdue(i) > _shared.Probing.Overdue(chosen))
                chosen = i;
        }

        if (chosen < 0)
            return;

        _probe.Begin(chosen, _evidence);
        Change(_panel | 1UL << chosen);
        _evidence.MoveOn(0, PriorRounds);
    }

    private bool HasFallen()
    {
        FadingMean usual = _shared.Accepted;
        return _rounds >= LeastRounds && usual.Mean - _recent.Mean > ClearFall * Math.Sqrt(usual.Variance(PanelEvidence.OfRounds) / _recent.Count);
    }

    private double ProbeCost(int draft, int contextLength)
    {
        PanelCosts costs = _shared.Costs;
        double more = costs.Drafting(_panel | 1UL << draft) - costs.Drafting(_panel);
        return costs.CatchUp(draft, contextLength - _seen[draft]) + DraftProbe.Rounds * Math.Max(0, more);
    }

    private void ContinueProbe(PanelRound round, double drafting)
    {
        ulong without = _panel & ~(1UL << _probe.Draft);
        _shared.Probing.Spend(drafting - _shared.Costs.Drafting(without));
        _probe.Learn(round);
        if (!_probe.IsDecided)
            return;

        _shared.LearnProbe(_probe.Draft, _probe.Gain);
        EndProbe(_probe.HasEarned(without, _evidence.Accepted.Mean, _shared.Costs));
    }

    // Where the length rule lets the drafts rest, it may be for the price of all of them together: one alone might pay.
    private void GiveWay()
    {
        if (_probe.IsOn)
            EndProbe(earned: false);
        else if (BitOperations.PopCount(_panel) > 1)
            Leave(PanelChoice.Alone(_panel, _evidence, _shared.Costs), PriorRounds);
    }

    private void EndProbe(bool earned)
    {
        int draft = _probe.Draft;
        _shared.Probing.Conclude(draft, earned);
        _probe.End(_evidence, stays: earned);
        if (!earned)
            Change(_panel & ~(1UL << draft));
    }

    private void Change(ulong panel)
    {
        _panel = panel;
        _opening!.End();
        _judged = false;
        _rounds = _rested = 0;
        _recent = default;
    }
}
