using System.Numerics;

namespace Minions.Core.Speculation.Goodput;

/// <summary>
/// Plans one request: the set of drafts and the length with the most expected ids a second. A round is worth its expected ids less its time at the
/// rate that the request reaches anyway; what maximises that in every round maximises the rate.
/// </summary>
internal sealed class SpeculationPlanner
{
    private readonly SpeculationKnowledge _shared;
    private readonly int _minimum;
    private readonly int _maximum;
    private readonly int _drafts;
    private readonly AcceptanceModel _acceptance;
    private readonly AcceptanceCalibration _calibration;
    private readonly GoodputRate _rate = new(SpeculationTuning.RateDecay);
    private readonly double[] _proposed;
    private readonly double[] _verified;
    private readonly double[] _expected;
    private readonly double[] _kept;
    private readonly int[] _gap;
    private readonly int[] _rested;
    private readonly int[] _seen;
    private MarginalCost _cost;
    private ulong _running;
    private bool _isProbe;
    private int _rounds;

    public SpeculationPlanner(SpeculationKnowledge shared, int minimum, int maximum, int drafts)
    {
        (_shared, _minimum, _maximum, _drafts) = (shared, minimum, Math.Min(maximum, 64), drafts);
        int lengths = Math.Max(1, _maximum);
        _kept = new double[lengths];
        (_proposed, _verified, _expected) = (new double[lengths], new double[lengths], new double[lengths]);
        (_gap, _rested, _seen) = (new int[drafts], new int[drafts], new int[drafts]);
        Array.Fill(_gap, SpeculationTuning.FirstProbeGap);
        _acceptance = new AcceptanceModel(shared, drafts, lengths);
        lock (shared.Gate)
        {
            _calibration = new AcceptanceCalibration(shared, lengths);
            _rate.StartFrom(shared.Rate, SpeculationTuning.RoundsOfStart);
        }
    }

    public SpeculationPlan Plan(in RoundOutlook outlook)
    {
        lock (_shared.Gate)
            return PlanLocked(outlook);
    }

    private SpeculationPlan PlanLocked(in RoundOutlook outlook)
    {
        if (_rounds == 0)
            _acceptance.Begin(outlook.ContextLength);
        if (_rounds++ % SpeculationTuning.RefreshRounds == 0)
            _acceptance.Refresh();
        _calibration.Clear();
        int most = Math.Clamp(outlook.Remaining - 1, 0, _maximum);
        int least = Math.Min(_minimum, most);
        int rows = outlook.OtherRows + 1, requests = outlook.OtherRequests + 1, fillers = outlook.MinRows - 1;
        double plain = 1 / _shared.Costs.Run(rows + fillers, requests);
        _cost = new MarginalCost(_shared.Costs, requests * Math.Max(plain, _rate.Value), rows, fillers, requests, requests);
        _acceptance.Estimate();
        _shared.Kept.Estimate(_kept);

        double plainTime = _cost.PlainTime;
        double bestValue = outlook.ExpectedPlainTokens - _cost.Rate * plainTime;
        double bestTokens = outlook.ExpectedPlainTokens, bestTime = plainTime;
        int bestLength = 0;
        int bestSet = -1;
        ReadOnlySpan<ulong> sets = _acceptance.Sets;
        for (int s = 0; s < sets.Length && most > 0; s++)
        {
            if ((sets[s] & ~outlook.Drafts.Bits) != 0)
                continue;

            double step = _shared.Costs.Step(sets[s]);
            double missed = CatchUpTime(sets[s] & ~_running, outlook.ContextLength);
            ReadOnlySpan<double> survival = _acceptance.Survival(s);
            _shared.Proposed.Estimate(survival, _proposed);
            _shared.Verified.Estimate(survival, _verified);
            double tokens = 1, time = plainTime + missed, value = 1 - _cost.Rate * (plainTime + missed / 8);
            double bonus = _running == sets[s] ? (SpeculationTuning.Hysteresis - 1) : 0;
            for (int i = 0; i < most; i++)
            {
                double accepted = survival[i] * _kept[i];
                double stepTime = _proposed[i] * _cost.StepTime(step, i);
                double rowTime = _verified[i] * _cost.HopefulRow(i);
                tokens += accepted;
                time += stepTime + rowTime;
                value += accepted - _cost.Rate * (stepTime / _cost.Sharing + rowTime);
                if (value + bonus > bestValue || (bestLength < least && i < least && bestSet < 0))
                    (bestValue, bestLength, bestSet, bestTokens, bestTime) = (value + bonus, i + 1, s, tokens, time);
            }
        }

        _running = bestSet < 0 ? 0 : sets[bestSet];
        ulong probes = ChooseProbes(outlook);
        _isProbe = false;
        if (_running == 0 && probes != 0 && most > 0)
        {
            _isProbe = true;
            (_running, probes, bestLength) = (probes, 0, 1);
        }

        float stop = bestLength == 0 || _isProbe ? 0 : StopBelow(bestLength);
        if (bestSet >= 0)
            _acceptance.Survival(bestSet).CopyTo(_expected);
        return new SpeculationPlan(bestLength)
        {
            MinimumConfidence = stop,
            Drafts = new DraftSet(_running),
            Probes = new DraftSet(probes),
            ExpectedTokens = bestTokens,
            ExpectedTime = TimeSpan.FromSeconds(bestTime * _shared.Costs.UnitSeconds),
        };
    }

    public int Shorten(in ChainOutlook chain)
    {
        lock (_shared.Gate)
        {
            _calibration.Read(chain);
            return _isProbe ? chain.Length : Math.Max(_calibration.CountWorthwhile(_cost), Math.Min(_minimum, chain.Length));
        }
    }

    public void Observe(SpeculationRound round)
    {
        lock (_shared.Gate)
            ObserveLocked(round);
    }

    public void Publish()
    {
        lock (_shared.Gate)
            _acceptance.Publish();
    }

    private void ObserveLocked(SpeculationRound round)
    {
        AgreementWindow window = _acceptance.Window;
        window.Extend(round.ContextLength + round.Committed);
        int catching = 0;
        for (int i = 0; i < _drafts; i++)
        {
            ref readonly DraftRound draft = ref round.Drafts[i];
            bool ran = ((round.Running.Bits | round.Plan.Probes.Bits) >> i & 1) != 0;
            _rested[i] = ran ? 0 : _rested[i] + 1;
            if (!ran || round.Plan.Length == 0)
                continue;

            catching = Math.Max(catching, draft.NewTokens - 1);
            for (int j = 0; j < draft.Scored; j++)
                window.Record(round.ContextLength - draft.Scored + j, i, (draft.ScoredAgreements >> j & 1) != 0);
            for (int j = 0; j < draft.Agreed; j++)
                window.Record(round.ContextLength + j, i, true);
            if (draft.Agreed < Math.Min(draft.Proposed, round.Committed))
                window.Record(round.ContextLength + draft.Agreed, i, false);
            _seen[i] = round.ContextLength + round.Committed;
        }

        int steps = round.Plan.Length == 0 ? 0 : Math.Max(1, Math.Max(round.ProposedLength, round.DraftSteps));
        ulong ranAll = round.Running.Bits | round.Plan.Probes.Bits;
        double drafting = steps == 0 ? 0 : (steps + _shared.Costs.Start) * _shared.Costs.Step(ranAll) * _shared.Costs.Company(round.DraftRequests);
        double cost = _shared.Costs.Run(round.Rows, round.Requests) + drafting;
        if (!_isProbe)
        {
            _rate.Observe(round.Committed, cost);
            _shared.Rate.Observe(round.Committed, cost);
        }

        _shared.Budget.Earn(cost / round.Requests);
        _shared.Costs.LearnRun(round.Rows, round.Requests, round.VerifyTime.TotalSeconds);
        if (steps > 0)
            _shared.Costs.LearnDrafting(ranAll, steps, Math.Max(0, catching - 3), round.DraftRequests, round.DraftTime.TotalSeconds);
        if (steps == 0 || round.IsLast)
            return;

        if (!_isProbe)
        {
            _shared.Proposed.Observe(Math.Max(round.ProposedLength, round.ChainLength), round.Plan.Length, _expected);
            _shared.Verified.Observe(round.ChainLength, round.Plan.Length, _expected);
            _shared.Kept.Observe(_expected, round.Accepted, round.Plan.Length);
            LearnVote(round);
        }

        _calibration.Observe(round);
        if (_rounds % SpeculationTuning.RefreshRounds == 0)
            _acceptance.Publish();
    }

    private void LearnVote(SpeculationRound round)
    {
        if (round.Running.Count < 2)
            return;

        int best = _acceptance.BestSingle(round.Running.Bits);
        if (best < 0)
            return;
        int single = round.Drafts[BitOperations.TrailingZeroCount(_acceptance.Sets[best])].Agreed;
        int oracle = 0;
        foreach (DraftRound draft in round.Drafts)
            oracle = Math.Max(oracle, draft.Agreed);
        int cap = Math.Min(round.Committed, round.Plan.Length);
        int voted = round.VotedAgreed;
        _shared.LearnVote(voted - Math.Min(single, cap), Math.Min(oracle, cap) - Math.Min(single, cap));
    }

    private float StopBelow(int length)
    {
        double step = _shared.Costs.Step(_running);
        int position = Math.Max(1, length / 2);
        double ofStep = _cost.Rate * _cost.StepTime(step, position) / _cost.Sharing;
        double price = (ofStep + _cost.OfRow(position)) / 0.65;
        return price >= 1 ? 0 : _calibration.StopBelow(price);
    }

    private double CatchUpTime(ulong drafts, int context)
    {
        double time = 0;
        for (ulong rest = drafts; rest != 0; rest &= rest - 1)
        {
            int draft = BitOperations.TrailingZeroCount(rest);
            time = Math.Max(time, (context - _seen[draft]) * CostModel.CatchUp * _shared.Costs.Step(1UL << draft));
        }

        return time;
    }

    private ulong ChooseProbes(in RoundOutlook outlook)
    {
        int chosen = -1;
        for (int i = 0; i < _drafts; i++)
        {
            if (!outlook.Drafts.Contains(i) || (_running >> i & 1) != 0 || _rested[i] < _gap[i])
                continue;
            if (chosen < 0 || _rested[i] - _gap[i] > _rested[chosen] - _gap[chosen])
                chosen = i;
        }

        if (chosen < 0)
            return 0;

        double step = _shared.Costs.Step(1UL << chosen);
        double price = CatchUpTime(1UL << chosen, outlook.ContextLength) + step * (1 + _shared.Costs.Start);
        if (!_shared.Budget.TrySpend(price))
            return 0;
        _gap[chosen] = Math.Min(_gap[chosen] * 2, SpeculationTuning.LastProbeGap);
        return 1UL << chosen;
    }
}
