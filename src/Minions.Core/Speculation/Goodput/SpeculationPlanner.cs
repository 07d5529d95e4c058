using System.Numerics;
using Minions.Core.Drafting;

namespace Minions.Core.Speculation.Goodput;

/// <summary>
/// Plans one request: the set of drafts and the length with the most expected ids a second. A round is worth its expected ids less its time at the
/// rate that the request reaches anyway; what maximises that in every round maximises the rate.
/// </summary>
/// <remarks>Methods that end in NeedsLock are called under <see cref="SpeculationKnowledge.Gate"/>.</remarks>
internal sealed partial class SpeculationPlanner : ISpeculationLengthPlanner
{
    private readonly SpeculationKnowledge _shared;
    private readonly SpeculationTuning _tuning;
    private readonly SpeculationLimits _limits;
    private readonly AcceptanceModel _acceptance;
    private readonly AcceptanceCalibration _calibration;
    private readonly DraftRests _rests;
    private readonly double[] _kept;
    private readonly double[] _stops;
    private readonly double[] _cuts;
    private readonly double[] _expected;
    private readonly ChainSign[] _signs;
    private DecayedRatio _rate;
    private MarginalCost _cost;
    private int _signCount;
    private int _begin;
    private bool _isProbe;
    private int _rounds;

    public SpeculationPlanner(SpeculationKnowledge shared, SpeculationLimits limits)
    {
        (_shared, _tuning, _limits) = (shared, shared.Tuning, limits);
        int lengths = Math.Clamp(limits.Maximum, 1, Generation.GenerationOptions.MaximumSpeculationLength);
        _acceptance = new AcceptanceModel(shared, lengths, limits);
        _rests = new DraftRests(shared);
        (_kept, _stops, _cuts, _expected, _hoped) = (new double[lengths], new double[lengths], new double[lengths], new double[lengths], new double[lengths]);
        _signs = new ChainSign[lengths];
        _hopes = new double[shared.Drafts];
        lock (shared.Gate)
        {
            shared.Costs.Free = limits.FreeDrafts.Bits;
            shared.Costs.Heads = limits.Heads.Bits;
            _calibration = shared.OpenCalibration();
            _rate.Start(shared.Rate, _tuning.RateRounds);
        }
    }

    public SpeculationPlan Plan(in RoundOutlook outlook)
    {
        lock (_shared.Gate)
            return PlanNeedsLock(outlook, _limits.Minimum, _limits.Maximum);
    }

    /// <summary>Answers which drafts pay at a length that another decided; none where none does and the request allows it.</summary>
    public SpeculationPlan PlanAt(int length, in RoundOutlook outlook)
    {
        lock (_shared.Gate)
            return PlanNeedsLock(outlook, length, length);
    }

    public bool TryPredict(in ChainOutlook chain, Span<double> survival)
    {
        lock (_shared.Gate)
        {
            _signCount = ChainSign.Read(chain, _signs);
            _calibration.Predict(_signs.AsSpan(0, _signCount), survival);
        }

        // What a probe proposes is there to be looked at, whatever it is thought to be worth; rows that must be run cost nothing.
        survival[..(_isProbe ? survival.Length : Math.Min(_limits.Minimum, survival.Length))].Fill(1);
        return true;
    }

    public double PriceOfRun(int rows, int requests)
    {
        lock (_shared.Gate)
            return _cost.Rate / _cost.Requests * _shared.Costs.Run(rows, requests);
    }

    public void Observe(SpeculationRound round)
    {
        lock (_shared.Gate)
            ObserveNeedsLock(round);
    }

    public void Complete()
    {
        lock (_shared.Gate)
            _acceptance.Complete();
    }

    private SpeculationPlan PlanNeedsLock(in RoundOutlook outlook, int least, int most)
    {
        if (_rounds == 0)
            _acceptance.Begin(_begin = outlook.ContextLength);
        if (_rounds++ % _tuning.RefreshRounds == 0)
            _acceptance.Refresh();
        _signCount = 0;
        most = outlook.Drafts.IsEmpty ? 0 : Math.Clamp(outlook.Remaining - 1, 0, Math.Min(most, _expected.Length));
        least = Math.Min(least, most);
        _cost = CostNeedsLock(outlook);
        _acceptance.Estimate();
        _shared.Accepted.Estimate(_kept);
        _shared.Proposed.Estimate(_stops);
        _shared.Verified.Estimate(_cuts);
        Choice best = new(0, 0, outlook.ExpectedPlainTokens - _cost.Rate * _cost.PlainTime, outlook.ExpectedPlainTokens, _cost.PlainTime);
        Choice other = best;
        for (int set = 0; set < _acceptance.Sets.Length && most > 0; set++)
        {
            if (!outlook.Drafts.Includes(_acceptance.Sets[set]))
                continue;

            if (ConsiderNeedsLock(set, least, most, outlook, ref best))
                _acceptance.Survival(set).CopyTo(_expected);
            if (_probed != 0 && (_acceptance.Sets[set] & _probed) == 0)
                ConsiderNeedsLock(set, least, most, outlook, ref other);
        }

        LearnHopeNeedsLock(best, other);
        ulong probe = ProbeNeedsLock(best, most, outlook);
        _probed = probe;
        _isProbe = best.Length == 0 && probe != 0;
        if (_isProbe)
            best = best with { Length = 1, Drafts = probe };
        return new SpeculationPlan(best.Length)
        {
            MaxChainLength = _isProbe ? 0 : most,
            MinimumConfidence = best.Length == 0 || _isProbe ? 0 : StopBelow(best),
            Drafts = new DraftSet(best.Drafts),
            Probes = new DraftSet(probe & ~best.Drafts),
            TokensToScore = Math.Min(DraftRequest.MaxTokensToScore, outlook.ContextLength - _begin),
            ExpectedTokens = best.Tokens,
            ExpectedTime = TimeSpan.FromSeconds(best.Time * _shared.Costs.UnitSeconds),
        };
    }

    private MarginalCost CostNeedsLock(in RoundOutlook outlook)
    {
        int rows = outlook.OtherRows + 1, requests = outlook.OtherRequests + 1, fillers = outlook.MinRows - 1;
        double plain = 1 / _shared.Costs.Run(rows + fillers, requests);
        int sharing = _limits.DraftBatchSize > 0 ? Math.Min(requests, _limits.DraftBatchSize) : requests;
        return new MarginalCost(_shared.Costs, requests * Math.Max(plain, _rate.Value), rows, fillers, requests, sharing);
    }

    private bool ConsiderNeedsLock(int set, int least, int most, in RoundOutlook outlook, ref Choice best)
    {
        // Who comes from a rest has to catch up, which is spread over the rounds that it may stay: of two ids each, and until others are looked at.
        ulong drafts = _acceptance.Sets[set];
        double catchUp = _rests.CatchUpTime(drafts, outlook.ContextLength) / Math.Clamp(outlook.Remaining / 2, 1, _tuning.StayRounds);
        return ConsiderNeedsLock(drafts, _acceptance.Survival(set), catchUp, least, most, ref best);
    }

    private bool ConsiderNeedsLock(ulong drafts, ReadOnlySpan<double> survival, double catchUp, int least, int most, ref Choice best)
    {
        double step = _shared.Costs.Step(drafts);
        double tokens = 1, time = _cost.PlainTime + catchUp, price = _cost.Rate * time;
        double drafted = 1, verified = 1, before = 1;
        bool isBest = false;
        for (int i = 0; i < most; i++)
        {
            double rejected = 1 - survival[i] / before;
            before = survival[i];
            drafted *= Math.Clamp(1 - _stops[i] * rejected, 0, 1);
            verified *= Math.Clamp(1 - _cuts[i] * rejected, 0, 1);
            double row = verified * _cost.HopefulRow(i);
            tokens += survival[i] * _kept[i];
            time += drafted * _cost.StepTime(step, i) + row;
            price += drafted * _cost.OfStep(step, i) + _cost.Rate * row;
            if (i + 1 >= least && (tokens - price > best.Value || (best.Length < least && _limits.Minimum > 0)))
            {
                best = new Choice(drafts, i + 1, tokens - price, tokens, time);
                isBest = true;
            }
        }

        return isBest;
    }

    // One more id costs its drafts a step, and a row of the target unless it is cut; and the next id is less likely than this one.
    private float StopBelow(in Choice plan)
    {
        int position = Math.Max(1, plan.Length / 2);
        double chance = (_cost.OfStep(_shared.Costs.Step(plan.Drafts), position) + _cost.OfRow(position)) / _tuning.NextAfterThis;

        // No id can be as sure as that, but the plan goes further and rests on more: do not stop.
        return chance >= 1 ? 0 : _calibration.StopBelow(chance);
    }

    private void ObserveNeedsLock(SpeculationRound round)
    {
        RecordNeedsLock(round);
        double time = _shared.LearnCostsNeedsLock(round, round.MissedTokens);
        _rests.Observe(round, time / round.Requests);
        _shared.Rest(DraftRests.Asked(round), time / round.Requests);

        // What was not by choice says nothing about the rate of choosing.
        if (!_isProbe)
        {
            _rate.Add(round.Committed, time, _tuning.RequestDecay);
            _shared.LearnRate(round.Committed, time);
        }

        // A text that ended within the chain tells nothing about what stood behind.
        if (round.Ran == 0 || round.IsLast)
            return;

        ReadOnlySpan<ChainSign> signs = _signs.AsSpan(0, Math.Min(_signCount, round.ChainLength));
        _calibration.Learn(signs, round.Accepted, round.VotedLength);
        _shared.Calibration.Learn(signs, round.Accepted, round.VotedLength);
        if (_isProbe)
            return;

        LearnReachNeedsLock(round);
        LearnVoteNeedsLock(round);
    }

    private void RecordNeedsLock(SpeculationRound round)
    {
        _acceptance.Window.Extend(round.ContextLength + round.Committed);
        for (ulong rest = round.Ran; rest != 0; rest &= rest - 1)
        {
            int index = BitOperations.TrailingZeroCount(rest);
            ref readonly DraftRound draft = ref round.Drafts[index];
            for (int i = 0; i < draft.Scored; i++)
                _acceptance.Window.Record(round.ContextLength - draft.Scored + i, index, (draft.ScoredAgreements >> i & 1) != 0);
            for (int i = 0; i < draft.Evaluated; i++)
                _acceptance.Window.Record(round.ContextLength + i, index, i < draft.Agreed);
        }
    }

    private void LearnReachNeedsLock(SpeculationRound round)
    {
        _shared.Proposed.Fade();
        _shared.Verified.Fade();
        _shared.Accepted.Fade();

        // How far drafts go, and what becomes of that. What one of them adds behind the vote depends on neither the set nor the length.
        (int proposed, int verified, int accepted) = (round.ProposedLength, round.VotedChain, round.VotedAccepted);
        double before = 1;
        for (int i = 0; i < Math.Min(round.Plan.Length, _expected.Length); i++)
        {
            double rejected = 1 - _expected[i] / before;
            before = _expected[i];
            if (i <= proposed)
                _shared.Proposed.Add(i, i < proposed ? 0 : 1, rejected);
            if (i <= verified)
                _shared.Verified.Add(i, i < verified ? 0 : 1, rejected);
            _shared.Accepted.Add(i, i < accepted ? 1 : 0, _expected[i]);
        }
    }

    private void LearnVoteNeedsLock(SpeculationRound round)
    {
        if (round.Running.Count < 2 || _acceptance.BestSingle(round.Running.Bits) is not (>= 0 and var best))
            return;

        int single = round.Drafts[_acceptance.DraftOf(best)].Agreed;
        int most = 0;
        foreach (DraftRound draft in round.Drafts)
            most = Math.Max(most, draft.Agreed);
        _shared.LearnVote(round.VotedAgreed - single, most - single);
    }

    private readonly record struct Choice(ulong Drafts, int Length, double Value, double Tokens, double Time);
}
