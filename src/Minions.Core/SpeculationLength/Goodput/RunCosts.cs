namespace Minions.Core.SpeculationLength.Goodput;

/// <summary>
/// What runs cost on this machine, learnt from rounds as they come. The unit is a target run of one row: neighbours' load, clock rates and
/// a growing context bend the times of all runs together, so that level is followed quickly and the ratios between runs slowly. A run of r
/// rows and n slots costs 1 + the slopes of the segments up to r + (n - 1) times a slope a slot, where one segment's observation also tells
/// about its neighbours. A step of the drafts for n requests costs a factor that depends on which ones run, times 1 + (n - 1) times a slope a
/// request, and beginning to draft as much as some part of a step.
/// </summary>
/// <remarks>One writer at a time; readers may run beside it and see some parameters before and some after an update.</remarks>
internal sealed class RunCosts
{
    /// <summary>What a draft's catching up on one id costs, in its steps: ids it missed run many at a time.</summary>
    internal const double CatchUp = 0.05;

    // One slope for the rows from each of these up to the next.
    private static readonly int[] Segments = [1, 2, 3, 4, 5, 6, 8, 12, 16, 24, 32, 64];

    private const int DraftSets = 6;
    private const int Level = 0;
    private const int Slope = 1;
    private const int SlotSlope = 13;
    private const int RequestSlope = 14;
    private const int DraftStart = 15;
    private const int DraftStep = 16;
    private const int Size = DraftStep + DraftSets;

    // Before anything is known: a row costs a tenth of a run, a step of the drafts a twentieth, and both may be far off.
    private const double PriorSlope = 0.1;
    private const double PriorSlopeDeviation = 0.1;
    private const double PriorStep = 0.05;
    private const double PriorStepDeviation = 2;

    // Of a known set of drafts, a part that has not run by itself yet.
    private const double PartOfKnown = 0.5;
    private const double PriorStart = 0;
    private const double PriorStartDeviation = 0.4;
    private const double PriorRequestSlope = 0.2;
    private const double PriorRequestSlopeDeviation = 0.2;

    // What the times of equal runs scatter by, and what moves in between two observations.
    private const double VerifyNoise = 0.2;
    private const double DraftNoise = 0.3;
    private const double LevelDrift = 0.04;
    private const double ShapeDrift = 0.001;
    private const double StepDrift = 0.01;
    private const double Optimism = 0.3;
    private const double Shortest = 1e-8;

    // Of a draft's first runs the fastest is the truest.
    private const double FirstRunsDrift = 0.5;

    private readonly CostFilter _filter = new(Size);
    private readonly KnownDraftSets _sets = new(DraftSets);

    public RunCosts()
    {
        _filter.Assume(Level, Math.Log(0.01), 5, LevelDrift);
        for (int i = 0; i < Segments.Length; i++)
            _filter.Assume(Slope + i, PriorSlope, PriorSlopeDeviation, ShapeDrift, least: 0);
        _filter.Assume(SlotSlope, PriorSlope, PriorSlopeDeviation, ShapeDrift, least: 0);
        _filter.Assume(RequestSlope, PriorRequestSlope, PriorRequestSlopeDeviation, ShapeDrift, least: 0);
        _filter.Assume(DraftStart, PriorStart, PriorStartDeviation, ShapeDrift, least: 0);
        for (int i = 0; i < DraftSets; i++)
            AssumeStep(i);
        _filter.Correlate(Slope, Segments.Length, 0.7);
    }

    /// <summary>The present time of a target run of one row.</summary>
    public double UnitSeconds => Math.Exp(_filter[Level]);

    /// <summary>The cost of a target run.</summary>
    public double Run(int rows, int slots)
    {
        double cost = 1 + Math.Max(0, slots - 1) * _filter[SlotSlope];
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

    /// <summary>The cost of one step of a set of drafts for one request.</summary>
    /// <remarks>Side by side, drafts take no less time than some of them alone: that bounds what is not known well of a set.</remarks>
    public double Step(ulong drafts)
    {
        double own = double.NaN, least = PriorStep, most = double.PositiveInfinity;
        bool isNew = true;
        for (int i = 0; i < DraftSets; i++)
        {
            ulong set = _sets.SetAt(i);
            if (set == 0)
                continue;

            double step = Math.Exp(_filter[DraftStep + i]);
            if (set == drafts)
                (own, isNew) = (step, _sets.IsNew(i));
            else if ((set & drafts) == drafts)
                most = Math.Min(most, step);
            else if ((set & drafts) == set)
                least = Math.Max(least, step);
        }

        double unknown = double.IsFinite(most) ? Math.Max(least, most * PartOfKnown) : least;
        double estimate = double.IsNaN(own) ? unknown : own;
        return isNew ? Math.Min(estimate, most) : estimate;
    }

    /// <summary>How many times as much as for one request a step costs for some together.</summary>
    public double Company(double requests) => 1 + Math.Max(0, requests - 1) * _filter[RequestSlope];

    /// <summary>What beginning to draft costs, in steps: waking threads, taking in what was committed, voting.</summary>
    public double Start => _filter[DraftStart];

    /// <summary>Whether so few runs of a set of drafts were seen that they may have been slow for being the first.</summary>
    public bool IsNew(ulong drafts)
    {
        int place = _sets.Find(drafts);
        return place < 0 || _sets.IsNew(place);
    }

    public void LearnRun(int rows, int slots, double seconds)
    {
        if (seconds <= 0)
            return;

        Span<double> effect = _filter.Effects();
        double cost = Run(rows, slots);
        effect[Level] = 1;
        effect[SlotSlope] = Math.Max(0, slots - 1) / cost;
        for (int i = 0; i < Segments.Length && Segments[i] < rows; i++)
            effect[Slope + i] = (End(i, rows) - Segments[i]) / cost;
        _filter.Learn(Math.Log(seconds) - _filter[Level] - Math.Log(cost), VerifyNoise, slots);
    }

    /// <summary>Learns from a round's drafting.</summary>
    /// <param name="drafts">Which drafts ran, one bit each; not empty.</param>
    /// <param name="steps">The steps of the one that went furthest.</param>
    /// <param name="missed">The ids that the drafts had to catch up on.</param>
    /// <param name="requests">The requests that were drafted for together.</param>
    /// <param name="seconds">The time.</param>
    public void LearnDrafting(ulong drafts, int steps, int missed, int requests, double seconds)
    {
        int set = PlaceOf(drafts);
        int index = DraftStep + set;
        double company = Company(requests);
        double own = steps + Start;
        double work = own + CatchUp * missed;
        Span<double> effect = _filter.Effects();
        effect[Level] = 1;
        effect[index] = 1;
        effect[RequestSlope] = (requests - 1) / company;

        // In company the last steps are drafted for few: that, too, makes the first ones look dearer.
        effect[DraftStart] = requests == 1 ? 1 / work : 0;

        double surprise = Math.Log(Math.Max(seconds, Shortest) / (work * company)) - _filter[Level] - _filter[index];
        if (_sets.IsNew(set) && surprise < 0)
            _filter.Doubt(index, FirstRunsDrift);
        _sets.Count(set);

        // What catching up really costs is not known well, so the more of it, the less is learnt about a step.
        double doubt = Math.Log(work / own);
        _filter.Learn(surprise, Math.Sqrt(DraftNoise * DraftNoise + doubt * doubt / 4), requests);
    }

    private static int SlopeAt(int rows)
    {
        int segment = Segments.Length - 1;
        while (Segments[segment] > rows)
            segment--;
        return Slope + segment;
    }

    private static int End(int segment, int rows) => segment + 1 < Segments.Length ? Math.Min(rows, Segments[segment + 1]) : rows;

    private int PlaceOf(ulong drafts)
    {
        int place = _sets.Find(drafts);
        if (place >= 0)
            return place;

        place = _sets.Add(drafts);
        AssumeStep(place);
        return place;
    }

    private void AssumeStep(int place) => _filter.Assume(DraftStep + place, Math.Log(PriorStep), PriorStepDeviation, StepDrift);
}
