using System.Numerics;

namespace Minions.Core.Speculation.Goodput;

/// <summary>
/// What runs cost on this machine, learnt from rounds as they come. The unit is a target run of one row: neighbours' load, clock rates and
/// a growing context bend the times of all runs together, so that level is followed quickly and the ratios between runs slowly. A run of r
/// rows for n requests costs 1 + the slopes of the segments up to r + (n - 1) times a slope. Drafting costs its start and as many steps as the
/// longest proposal has ids; a step of several drafts takes as long as the slowest of them and a share of the others, more of them beside a head, and for n requests
/// 1 + (n - 1) times a slope as much as for one.
/// </summary>
internal sealed class CostModel
{
    // One slope for the rows from each of these up to the next.
    private static readonly int[] Segments = [1, 2, 3, 4, 5, 6, 8, 12, 16, 24, 32, 64];

    private const int Level = 0;
    private const int Slope = 1;
    private const int RequestSlope = 13;
    private const int DraftRequestSlope = 14;
    private const int DraftStart = 15;
    private const int Overlap = 16;
    private const int HeadOverlap = 17;
    private const int DraftStep = 18;

    // Before anything is known: a row costs a tenth of a run, a step of a draft a twentieth, and both may be far off.
    private const double PriorSlope = 0.1;
    private const double PriorStep = 0.05;
    private const double PriorStepDeviation = 2;

    // What the times of equal runs scatter by, and what moves in between two observations.
    private const double VerifyNoise = 0.2;
    private const double DraftNoise = 0.3;
    private const double LevelDrift = 0.04;
    private const double ShapeDrift = 0.001;
    private const double StepDrift = 0.01;
    private const double Optimism = 0.3;
    private const double Shortest = 1e-8;

    // Of a draft's first runs the fastest is the truest.
    private const int FirstRuns = 16;
    private const int KnownRuns = 6;
    private const double FirstRunsDrift = 0.5;

    // An id that a draft missed, in its steps, and how many ids weigh as much as that; what a round that catches up counts of the next one.
    private const double FirstCatchUp = 0.1;
    private const double FirstCatchUpTrials = 16;
    private const double CatchUpDecay = 0.9;
    internal const double MostCatchUp = 0.5;
    private const double CatchUpClip = 4;

    private readonly KalmanFilter _filter;
    private readonly int[] _runs;
    private DecayedRatio _catchUp;

    public CostModel(int drafts)
    {
        _filter = new KalmanFilter(DraftStep + drafts);
        _runs = new int[drafts];
        _filter.Assume(Level, Math.Log(0.01), 5, LevelDrift);
        for (int i = 0; i < Segments.Length; i++)
            _filter.Assume(Slope + i, PriorSlope, PriorSlope, ShapeDrift, least: 0);
        _filter.Assume(RequestSlope, PriorSlope, PriorSlope, ShapeDrift, least: 0);
        _filter.Assume(DraftRequestSlope, 0.2, 0.2, ShapeDrift, least: 0);
        _filter.Assume(DraftStart, 0, 0.6, ShapeDrift, least: 0);
        _filter.Assume(Overlap, 0.3, 0.3, ShapeDrift, least: 0);
        _filter.Assume(HeadOverlap, 0.9, 0.3, ShapeDrift, least: 0);
        for (int i = 0; i < drafts; i++)
            _filter.Assume(DraftStep + i, Math.Log(PriorStep), PriorStepDeviation, StepDrift);
        _filter.Correlate(Slope, Segments.Length, 0.7);
        _catchUp.Start(FirstCatchUp, FirstCatchUpTrials);
    }

    public double[] Export() => _filter.Export();

    /// <summary>Takes over what another model of as many drafts knew.</summary>
    /// <returns>Whether it can be: nothing has changed otherwise.</returns>
    public bool TryImport(ReadOnlySpan<double> state)
    {
        if (!_filter.TryImport(state))
            return false;

        Array.Fill(_runs, FirstRuns);
        return true;
    }

    /// <summary>The drafts that take no time, one bit each; beside others they cost nothing.</summary>
    public ulong Free { get; set; }

    /// <summary>The heads, one bit each: they use several processors, which a draft beside them then has to wait for.</summary>
    public ulong Heads { get; set; }

    /// <summary>The present time of a target run of one row.</summary>
    public double UnitSeconds => Math.Exp(_filter[Level]);

    /// <summary>The share of its own time that a draft adds to that of another beside it.</summary>
    public double Share => Math.Clamp(_filter[Overlap], 0, 1);

    /// <summary>What a draft's catching up on one id costs, in its steps: ids it missed run many at a time.</summary>
    public double CatchUp => Math.Min(_catchUp.Value, MostCatchUp);

    /// <summary>Starts from what catching up on an id was found to cost elsewhere.</summary>
    public void StartCatchUp(double value) => _catchUp.Start(value, FirstCatchUpTrials);

    /// <summary>What beginning to draft costs, in steps: waking threads, taking in what was committed, voting.</summary>
    public double Start => _filter[DraftStart];

    /// <summary>The cost of a target run.</summary>
    public double Run(int rows, int requests)
    {
        double cost = 1 + Math.Max(0, requests - 1) * _filter[RequestSlope];
        for (int i = 0; i < Segments.Length && Segments[i] < rows; i++)
            cost += (End(i, rows) - Segments[i]) * _filter[Slope + i];
        return cost;
    }

    /// <summary>What one row more adds to a run of that many rows.</summary>
    public double Row(int rows) => _filter[SlopeAt(rows)];

    /// <summary>
    /// What one row more may well add: the estimate less some of its doubt. A width that is wrongly held to be dear is never run, so nothing
    /// would correct the mistake; one that is held to be cheap is found out.
    /// </summary>
    public double HopefulRow(int rows)
    {
        int index = SlopeAt(rows);
        return Math.Max(0, _filter[index] - Optimism * _filter.Deviation(index));
    }

    /// <summary>The cost of one step of a set of drafts side by side, for one request.</summary>
    public double Step(ulong drafts) => Step(drafts, out _, out _);

    /// <summary>How many times as much as for one request a step costs for some together.</summary>
    public double Company(double requests) => 1 + Math.Max(0, requests - 1) * _filter[DraftRequestSlope];

    public void LearnRun(int rows, int requests, double seconds)
    {
        if (seconds <= 0)
            return;

        Span<double> effect = _filter.Effects();
        double cost = Run(rows, requests);
        effect[Level] = 1;
        effect[RequestSlope] = Math.Max(0, requests - 1) / cost;
        for (int i = 0; i < Segments.Length && Segments[i] < rows; i++)
            effect[Slope + i] = (End(i, rows) - Segments[i]) / cost;
        _filter.Learn(Math.Log(seconds) - _filter[Level] - Math.Log(cost), VerifyNoise, requests);
    }

    /// <summary>The cost of a round's drafting for one request, where nothing has to be caught up on.</summary>
    /// <param name="drafts">Which drafts ran, one bit each.</param>
    /// <param name="probes">Which ran beside them for a single step.</param>
    /// <param name="steps">The steps of the draft that went furthest.</param>
    public double Drafting(ulong drafts, ulong probes, int steps) => (1 + Start) * Step(drafts | probes) + (steps - 1) * Step(drafts);

    /// <summary>Learns from a round's drafting.</summary>
    /// <param name="drafts">Which drafts ran, one bit each; not empty.</param>
    /// <param name="probes">Which ran beside them for a single step.</param>
    /// <param name="steps">The steps of the draft that went furthest.</param>
    /// <param name="missed">The ids that the drafts had to catch up on.</param>
    /// <param name="requests">The requests that were drafted for together.</param>
    /// <param name="seconds">The time.</param>
    public void LearnDrafting(ulong drafts, ulong probes, int steps, int missed, int requests, double seconds)
    {
        double company = Company(requests);
        double own = Drafting(drafts, probes, steps);
        double catchingUp = CatchUp * missed;
        ulong late = probes == 0 ? drafts : probes;
        double time = Math.Max(seconds, Shortest) / UnitSeconds / company;
        if (missed > 0 && requests == 1)
            _catchUp.Add(Math.Clamp((time - own) / Step(late), 0, CatchUpClip * CatchUp * missed + 1), missed, CatchUpDecay);

        // A round that mostly caught up says little about a step that is known.
        if (missed > steps && time >= own && IsKnown(drafts | probes))
            return;

        double work = own + catchingUp * Step(late);
        Span<double> effect = _filter.Effects();
        effect[Level] = 1;
        effect[DraftRequestSlope] = (requests - 1) / company;
        AddEffect(drafts | probes, (1 + Start) / work, effect);
        AddEffect(drafts, (steps - 1) / work, effect);
        AddEffect(late, catchingUp / work, effect);

        // In company the last steps are drafted for few: that, too, makes the first ones look dearer.
        effect[DraftStart] = requests == 1 ? Step(drafts | probes) / work : 0;
        double surprise = Math.Log(time / work);
        for (ulong rest = drafts | probes; rest != 0; rest &= rest - 1)
        {
            int draft = BitOperations.TrailingZeroCount(rest);
            if (_runs[draft]++ < FirstRuns && surprise < 0)
                _filter.Doubt(DraftStep + draft, FirstRunsDrift);
        }

        // What catching up really costs is not known well, so the more of it, the less is learnt about a step.
        double doubt = Math.Log(work / own);
        _filter.Learn(surprise, Math.Sqrt(DraftNoise * DraftNoise + doubt * doubt / 4), requests);
    }

    /// <summary>Whether drafts have run often enough to know what a step takes.</summary>
    public bool IsKnown(ulong drafts)
    {
        for (ulong rest = drafts; rest != 0; rest &= rest - 1)
        {
            if (_runs[BitOperations.TrailingZeroCount(rest)] < KnownRuns)
                return false;
        }

        return true;
    }

    private double Step(ulong drafts, out int slowest, out double others)
    {
        drafts = (drafts & ~Free) != 0 ? drafts & ~Free : drafts;
        (slowest, others) = (-1, 0);
        double longest = 0;
        for (ulong rest = drafts; rest != 0; rest &= rest - 1)
        {
            int draft = BitOperations.TrailingZeroCount(rest);
            double own = Math.Exp(_filter[DraftStep + draft]);
            others += own;
            if (own > longest)
                (longest, slowest) = (own, draft);
        }

        others -= longest;
        return longest + Math.Min(1, _filter[OverlapOf(drafts)]) * others;
    }

    // By how much some steps of a set bend the time of all the work.
    private void AddEffect(ulong drafts, double steps, Span<double> effect)
    {
        drafts = (drafts & ~Free) != 0 ? drafts & ~Free : drafts;
        Step(drafts, out int slowest, out double others);
        int overlap = OverlapOf(drafts);
        effect[overlap] += steps * others;
        for (ulong rest = drafts; rest != 0; rest &= rest - 1)
        {
            int draft = BitOperations.TrailingZeroCount(rest);
            effect[DraftStep + draft] += steps * Math.Exp(_filter[DraftStep + draft]) * (draft == slowest ? 1 : _filter[overlap]);
        }
    }

    private int OverlapOf(ulong drafts) => (drafts & Heads) != 0 ? HeadOverlap : Overlap;

    private static int SlopeAt(int rows)
    {
        int segment = Segments.Length - 1;
        while (Segments[segment] > rows)
            segment--;
        return Slope + segment;
    }

    private static int End(int segment, int rows) => segment + 1 < Segments.Length ? Math.Min(rows, Segments[segment + 1]) : rows;
}

/// <summary>What a round costs a request in ids: its time, in units of a target run of one row, times the ids that could be had in that time anyway.</summary>
/// <param name="Costs">What runs cost.</param>
/// <param name="Rate">Ids per unit of time, of all requests in the run.</param>
/// <param name="Rows">The rows of the run before this request's chain: its own one and those of others.</param>
/// <param name="Fillers">The rows of the run that plain decoding fills up and the first ids of a chain take over.</param>
/// <param name="Requests">The requests in the run.</param>
/// <param name="Sharing">The requests that share a step of the drafts, this one included.</param>
internal readonly record struct MarginalCost(CostModel Costs, double Rate, int Rows, int Fillers, int Requests, int Sharing)
{
    // Of those that draft, how many share a step beyond the first.
    private const double GoOn = 0.75;

    /// <summary>The time without any chain.</summary>
    public double PlainTime => Costs.Run(Rows + Fillers, Requests);

    /// <summary>The time that the chain's id at a position may well add.</summary>
    public double HopefulRow(int position) => position < Fillers ? 0 : Costs.HopefulRow(Rows + position);

    /// <summary>The price of the chain's id at a position, beside that of drafting it.</summary>
    public double OfRow(int position) => position < Fillers ? 0 : Rate * Costs.Row(Rows + position);

    /// <summary>The time that drafting the id at a position takes, for all requests together.</summary>
    /// <param name="step">The time of a step for one.</param>
    /// <param name="position">The position; who begins with the first id pays for beginning.</param>
    public double StepTime(double step, int position) => step * Costs.Company(Sharing) * (position == 0 ? 1 + Costs.Start : 1);

    /// <summary>The price of that, shared by those that draft.</summary>
    /// <remarks>
    /// Whether drafting pays is much the same question for all in the run: if each thought itself the only one to draft, none would begin. How far it pays
    /// differs more, so fewer share the later steps.
    /// </remarks>
    public double OfStep(double step, int position) => Rate * StepTime(step, position) / (position == 0 ? Sharing : Math.Max(1, Sharing * GoOn));
}
