namespace Minions.Core.SpeculationLength.Goodput;

/// <summary>
/// Plans one request. A round is worth its expected ids less its time at the price of the rate that the request reaches anyway; what
/// maximises that in every round maximises the rate.
/// </summary>
internal sealed class GoodputPlanner : ISpeculationLengthPlanner
{
    private const double RateMemory = 0.95;
    private const double RoundsOfStart = 10;
    private const int ExplorationGap = 4;
    private const int TrialLength = 2;

    // What is new may turn out so many times as fast as it looks, but compiling and finding memory take no more than so long.
    private const double MostHope = 3;
    private const double SlowestStart = 2e-3;
    private const double NextAfterThis = 0.65;

    private readonly SharedKnowledge _shared;
    private readonly SpeculationLimits _limits;
    private readonly RoundProspects _prospects;
    private readonly ChainSigns _signs;
    private readonly GuessSign _guess;
    private readonly GoodputRate _rate = new(RateMemory);
    private RoundPrice _price;
    private LengthValue _planned;
    private ulong _drafts;
    private bool _explores;
    private bool _isTrial;
    private ulong _upToDate;
    private bool _wasPlain;
    private int _sinceExploration;
    private int _encouraged;
    private int _missed;
    private int _rounds;

    public GoodputPlanner(SharedKnowledge shared, SpeculationLimits limits)
    {
        _shared = shared;
        _limits = limits;
        int positions = Math.Min(Math.Max(1, limits.Maximum), SharedKnowledge.Positions);
        _prospects = new RoundProspects(shared, positions);
        lock (shared.Writing)
        {
            _signs = new ChainSigns(shared, positions);
            _guess = new GuessSign(shared);
            _rate.StartFrom(shared.Rate, RoundsOfStart);
        }
    }

    public SpeculationPlan Plan(in RoundOutlook outlook)
    {
        if (_rounds++ == 0)
            _missed = outlook.ContextLength;
        _signs.Clear();
        _drafts = outlook.AnyDraftSet;
        int most = outlook.Drafts == 0 ? 0 : Math.Clamp(outlook.Remaining - 1, 0, Math.Min(_limits.Maximum, SharedKnowledge.Positions));
        int least = Math.Min(_limits.Minimum, most);
        _price = PriceOf(outlook);
        _prospects.Estimate(most);
        _guess.Read(outlook);
        _prospects.Shift(most, _guess.Shift);
        LengthValue best = _prospects.Best(_price, outlook.PlainTokens, least, most);
        _wasPlain = best.Length == 0;
        _explores = TryExplore(outlook, best, least, most, out _planned);
        if (!_explores)
            _planned = best;

        float stopBelow = best.Length == 0 ? 0 : StopBelow(best.Length);
        return new SpeculationPlan(_planned.Length, stopBelow, _planned.Tokens, TimeSpan.FromSeconds(_planned.Time * _shared.Costs.UnitSeconds));
    }

    public int Shorten(in ChainOutlook chain)
    {
        _signs.Read(chain);

        // A try out of plain decoding is there to learn what the drafts are worth: the signs are what is doubted.
        return _wasPlain || chain.Length > SharedKnowledge.Positions ? chain.Length : Math.Max(_signs.CountWorthwhile(_price), Math.Min(_limits.Minimum, chain.Length));
    }

    public void Observe(in RoundObservation round)
    {
        // A text that ended within the chain tells nothing about what stood behind.
        bool ended = round.Accepted >= round.Committed;
        int drafted = round.PlannedLength == 0 ? 0 : Math.Max(1, Math.Max(round.ProposedLength, round.ChainLength));
        int steps = drafted == 0 ? 0 : Math.Max(drafted, round.DraftSteps);
        double drafting = steps == 0 ? 0 : (steps + _shared.Costs.Start) * _shared.Costs.Step(_drafts) * _shared.Costs.Company(round.DraftSlots);
        double cost = _shared.Costs.Run(round.Rows, round.Slots) + drafting;

        // What was not by choice says nothing about the rate of choosing.
        if (!_explores)
            _rate.Observe(round.Committed, cost);
        if (round.PlannedLength == 0)
            _prospects.ObservePlain();
        else if (!ended)
        {
            _prospects.Observe(round);
            _signs.Observe(round);
            if (round.ChainLength > 0)
                _guess.Observe(round.Accepted > 0);
        }

        if (_explores && !_isTrial)
            Settle(round, drafting, cost);
        Share(round, drafted, steps, cost, ended);
        _missed = round.PlannedLength > 0 ? 0 : _missed + round.Committed;
        if (round.PlannedLength > 0)
            _upToDate = _drafts;
    }

    private RoundPrice PriceOf(in RoundOutlook outlook)
    {
        RunCosts costs = _shared.Costs;
        int rows = outlook.OtherRows + 1;
        int slots = outlook.OtherSlots + 1;
        int fillers = outlook.LeastRows - 1;
        double plain = 1 / costs.Run(rows + fillers, slots);
        int company = outlook.DraftBatch > 0 ? Math.Min(slots, outlook.DraftBatch) : slots;
        return new RoundPrice(costs, slots * Math.Max(plain, _rate.Value), rows, fillers, slots, company, _shared.Depths, costs.Step(_drafts), costs.Start);
    }

    // A draft that goes on pays for a step, which is in vain where the id is cut again, and else for a row; and the next id is less likely
    // than this one.
    private float StopBelow(int length)
    {
        int position = Math.Max(1, length / 2);
        double ever = (_price.OfStep(position) + _price.OfRow(position)) / NextAfterThis;
        double kept = (_price.OfStep(position) / _prospects.Kept(length) + _price.OfRow(position)) / NextAfterThis;

        // No id can be as sure as that; but the plan goes further, so what is known of ids contradicts itself, and the plan is known better.
        return ever >= 1 ? 0 : _signs.StopBelow(kept);
    }

    private bool TryExplore(in RoundOutlook outlook, in LengthValue best, int least, int most, out LengthValue tried)
    {
        tried = default;
        _isTrial = false;
        int wished = outlook.WishedLength > best.Length && WouldPayAlone(outlook, least, most) ? outlook.WishedLength : 0;
        int wanted = Math.Min(Math.Max(_encouraged, wished), most);
        _encouraged = 0;
        if (wanted > best.Length)
        {
            tried = _prospects.Uncut(_price, wanted);
            return true;
        }

        if (most == 0)
            return false;
        if (best.Length == 0 && _shared.Budget.HasTrials && _shared.Costs.IsNew(_drafts) && _prospects.Best(_price with { StepTime = HopefulStep() }, outlook.PlainTokens, least, most).Length > 0 && _shared.Budget.TryTakeTrial())
        {
            _isTrial = true;
            tried = _prospects.Uncut(_price, Math.Clamp(TrialLength, Math.Max(1, least), most));
            return true;
        }

        if (++_sinceExploration < ExplorationGap)
            return false;

        int length = best.Length == 0 ? 1 : Alternative(best.Length, _shared.Budget.Explorations);
        LengthValue other = _prospects.Uncut(_price, Math.Clamp(length, Math.Max(1, least), most));

        // Who tries it where plain decoding is best has no company in it.
        double lost = Math.Max(0, best.Value - other.Value) / _price.Rate + (best.Length == 0 ? _price.Loneliness(other.Length) : 0);
        if (!_shared.Budget.TrySpend(lost))
            return false;

        _sinceExploration = 0;
        tried = other;
        return true;
    }

    // Which draft is best need not be known where not even one of them would be worth its time.
    private bool WouldPayAlone(in RoundOutlook outlook, int least, int most) =>
        most > 0 && _prospects.Best(_price with { StepTime = _price.StepTime / outlook.Drafts }, outlook.PlainTokens, least, most).Length > 0;

    private double HopefulStep() => Math.Max(_price.StepTime / MostHope, _price.StepTime - SlowestStart / _shared.Costs.UnitSeconds);

    private static int Alternative(int length, int turn) => (turn % 4) switch
    {
        0 => length + 1,
        1 => (length + 1) / 2,
        2 => length,
        _ => length * 2,
    };

    private void Settle(in RoundObservation round, double drafting, double cost)
    {
        double unexpectedTime = Math.Max(0, round.DraftTime.TotalSeconds / _shared.Costs.UnitSeconds - drafting) / round.DraftSlots;
        _shared.Budget.Add((round.Committed - _planned.Tokens) / _price.Rate - unexpectedTime);

        // Text that has turned predictable is not made to wait for the next turn, if the draft is worth its time then.
        bool paid = round.Committed * round.Slots >= (cost + unexpectedTime) * _price.Rate;
        if (_wasPlain && paid && round.ChainLength > 0 && round.Accepted == round.ChainLength)
            _encouraged = 2 * round.ChainLength;
    }

    private void Share(in RoundObservation round, int drafted, int steps, double cost, bool ended)
    {
        _shared.Budget.Earn(cost / round.Slots);
        if (!_shared.Writing.TryEnter())
            return;

        try
        {
            _shared.Costs.LearnRun(round.Rows, round.Slots, round.VerifyTime.TotalSeconds);

            // A draft that did not run the last time opens a sequence, or takes in all that it missed.
            if (steps > 0 && _drafts != 0 && (_drafts & ~_upToDate) == 0)
                _shared.Costs.LearnDrafting(_drafts, steps, _missed, round.DraftSlots, round.DraftTime.TotalSeconds);
            _shared.Depths.Observe(drafted);
            if (!_explores)
                _shared.Rate.Observe(round.Committed, cost);
            if (round.PlannedLength > 0 && !ended)
            {
                _prospects.Share(round);
                _signs.Share(round);
                if (round.ChainLength > 0)
                    _guess.Share(round.Accepted > 0);
            }
        }
        finally
        {
            _shared.Writing.Exit();
        }
    }
}
