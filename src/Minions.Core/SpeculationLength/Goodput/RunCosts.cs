using System.Numerics.Tensors;

namespace Minions.Core.SpeculationLength.Goodput;

/// <summary>
/// What runs cost on this machine, learnt from rounds as they come. The unit is a target run of one row: neighbours' load, clock rates and
/// a growing context bend the times of all runs together, so that level is followed quickly and the ratios between runs slowly. A run of r
/// rows and n slots costs 1 + the slopes of the segments up to r + (n - 1) times a slope a slot; a step of the drafts for n requests costs a
/// factor that depends on which ones run, times 1 + (n - 1) times a slope a request, and beginning to draft as much as some part of a step. Learning is an extended Kalman filter on the logarithms
/// of times, in which one segment's observation also tells about its neighbours; what lies far outside is clipped.
/// </summary>
/// <remarks>One writer at a time; readers may run beside it and see some parameters before and some after an update.</remarks>
internal sealed class RunCosts
{
    /// <summary>What a draft's catching up on one id costs, in its steps: ids it missed run many at a time.</summary>
    internal const double CatchUp = 0.05;

    // One slope for the rows from each of these up to the next.
    private static readonly int[] Segments = [1, 2, 3, 4, 5, 6, 8, 12, 16, 24, 32, 64];

    private const int DraftSets = 6;
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
    private const double Clip = 2.5;
    private const double Optimism = 0.3;
    private const double Shortest = 1e-8;

    // The first runs of a draft are made while code is compiled and memory is found: of those the fastest is the truest.
    private const int FirstRuns = 32;
    private const double FirstRunsDrift = 0.5;

    private readonly double[] _values = new double[Size];
    private readonly double[] _prior = new double[Size];
    private readonly double[] _covariance = new double[Size * Size];
    private readonly double[] _effect = new double[Size];
    private readonly double[] _reach = new double[Size];
    private readonly ulong[] _sets = new ulong[DraftSets];
    private readonly int[] _runs = new int[DraftSets];
    private int _nextSet;

    public RunCosts()
    {
        Set(0, Math.Log(0.01), 5);
        for (int i = 0; i < Segments.Length; i++)
            Set(Slope + i, PriorSlope, PriorSlopeDeviation);
        Set(SlotSlope, PriorSlope, PriorSlopeDeviation);
        Set(RequestSlope, PriorRequestSlope, PriorRequestSlopeDeviation);
        Set(DraftStart, PriorStart, PriorStartDeviation);
        for (int i = 0; i < DraftSets; i++)
            Set(DraftStep + i, Math.Log(PriorStep), PriorStepDeviation);
        Correlate(Slope, Segments.Length, 0.7);
    }

    /// <summary>The present time of a target run of one row.</summary>
    public double UnitSeconds => Math.Exp(_values[0]);

    /// <summary>The cost of a target run.</summary>
    public double Run(int rows, int slots)
    {
        double cost = 1 + Math.Max(0, slots - 1) * _values[SlotSlope];
        for (int i = 0; i < Segments.Length && Segments[i] < rows; i++)
            cost += (End(i, rows) - Segments[i]) * _values[Slope + i];
        return cost;
    }

    /// <summary>What one row more adds to a run of that many rows.</summary>
    public double Row(int rows) => _values[SlopeAt(rows)];

    /// <summary>
    /// What one row more may well add: the estimate less some of its doubt. A width that is wrongly held to be dear is never run, so nothing
    /// would correct the mistake; one that is held to be cheap is found out.
    /// </summary>
    public double HopefulRow(int rows)
    {
        int index = SlopeAt(rows);
        return Math.Max(0, _values[index] - Optimism * Math.Sqrt(Math.Max(0, _covariance[index * Size + index])));
    }

    /// <summary>The cost of one step of a set of drafts for some requests together.</summary>
    /// <remarks>Side by side, drafts take no less time than some of them alone: that bounds what is not known well of a set.</remarks>
    public double Step(ulong drafts, double requests)
    {
        double own = double.NaN, least = PriorStep, most = double.PositiveInfinity;
        for (int i = 0; i < DraftSets; i++)
        {
            if (_runs[i] == 0)
                continue;

            double step = Math.Exp(_values[DraftStep + i]);
            ulong common = _sets[i] & drafts;
            if (_sets[i] == drafts)
                own = step;
            else if (common == drafts)
                most = Math.Min(most, step);
            else if (common == _sets[i])
                least = Math.Max(least, step);
        }

        double unknown = double.IsFinite(most) ? Math.Max(least, most * PartOfKnown) : least;
        return Math.Min(double.IsNaN(own) ? unknown : own, most) * Company(requests);
    }

    /// <summary>What beginning to draft costs, in steps: waking threads, taking in what was committed, voting.</summary>
    public double Start => _values[DraftStart];

    /// <summary>Whether so few runs of a set of drafts were seen that they may have been slow for being the first.</summary>
    public bool IsNew(ulong drafts)
    {
        int index = Array.IndexOf(_sets, drafts);
        return index < 0 || _runs[index] < FirstRuns;
    }

    public void LearnRun(int rows, int slots, double seconds)
    {
        if (seconds <= 0)
            return;

        Array.Clear(_effect);
        double cost = Run(rows, slots);
        _effect[0] = 1;
        _effect[SlotSlope] = Math.Max(0, slots - 1) / cost;
        for (int i = 0; i < Segments.Length && Segments[i] < rows; i++)
            _effect[Slope + i] = (End(i, rows) - Segments[i]) / cost;
        Learn(Math.Log(seconds) - _values[0] - Math.Log(cost), VerifyNoise * VerifyNoise, slots);
    }

    /// <summary>Learns from a round's drafting.</summary>
    /// <param name="drafts">Which drafts ran, one bit each; not empty.</param>
    /// <param name="steps">The steps of the one that went furthest.</param>
    /// <param name="missed">The ids that the drafts had to catch up on.</param>
    /// <param name="requests">The requests that were drafted for together.</param>
    /// <param name="seconds">The time.</param>
    public void LearnDrafting(ulong drafts, int steps, int missed, int requests, double seconds)
    {
        Array.Clear(_effect);
        int set = IndexOf(drafts);
        int index = DraftStep + set;
        double company = Company(requests);
        _effect[0] = 1;
        _effect[index] = 1;
        _effect[RequestSlope] = (requests - 1) / company;
        double own = steps + Start;
        double work = own + CatchUp * missed;

        // In company the last steps are drafted for few: that, too, makes the first ones look dearer.
        _effect[DraftStart] = requests == 1 ? 1 / work : 0;

        // What catching up really costs is not known well, so the more of it, the less is learnt about a step.
        double doubt = Math.Log(work / own);
        double surprise = Math.Log(Math.Max(seconds, Shortest) / (work * company)) - _values[0] - _values[index];
        if (_runs[set]++ < FirstRuns && surprise < 0)
        {
            ref double variance = ref _covariance[index * Size + index];
            variance = Math.Min(variance + FirstRunsDrift * FirstRunsDrift, _prior[index]);
        }

        Learn(surprise, DraftNoise * DraftNoise + doubt * doubt / 4, requests);
    }

    private double Company(double requests) => 1 + Math.Max(0, requests - 1) * _values[RequestSlope];

    private static int SlopeAt(int rows)
    {
        int segment = Segments.Length - 1;
        while (Segments[segment] > rows)
            segment--;
        return Slope + segment;
    }

    private static int End(int segment, int rows) => segment + 1 < Segments.Length ? Math.Min(rows, Segments[segment + 1]) : rows;

    // Few sets are in use at a time; a new one takes the place of the one that came first.
    private int IndexOf(ulong drafts)
    {
        int index = Array.IndexOf(_sets, drafts);
        if (index >= 0)
            return index;

        index = _nextSet;
        _nextSet = (_nextSet + 1) % DraftSets;
        for (int i = 0; i < Size; i++)
            _covariance[(DraftStep + index) * Size + i] = _covariance[i * Size + DraftStep + index] = 0;
        Set(DraftStep + index, Math.Log(PriorStep), PriorStepDeviation);
        (_sets[index], _runs[index]) = (drafts, 0);
        return index;
    }

    // Each request in a run tells of it: the news are one only.
    private void Learn(double surprise, double noise, int tellers)
    {
        noise *= tellers;
        Drift(tellers);
        Array.Clear(_reach);
        for (int i = 0; i < Size; i++)
        {
            if (_effect[i] != 0)
                TensorPrimitives.MultiplyAdd(Row(_covariance, i), _effect[i], _reach, _reach);
        }

        double variance = noise + TensorPrimitives.Dot<double>(_reach, _effect);
        double limit = Clip * Math.Sqrt(variance);
        double step = Math.Clamp(surprise, -limit, limit) / variance;
        for (int i = 0; i < Size; i++)
        {
            double value = _values[i] + _reach[i] * step;
            _values[i] = i is >= Slope and <= DraftStart ? Math.Max(0, value) : value;
            Span<double> row = Row(_covariance, i);
            TensorPrimitives.MultiplyAdd<double>(_reach, -_reach[i] / variance, row, row);
        }
    }

    private static Span<double> Row(double[] matrix, int row) => matrix.AsSpan(row * Size, Size);

    private void Drift(int tellers)
    {
        for (int i = 0; i < Size; i++)
        {
            double drift = i == 0 ? LevelDrift : i <= DraftStart ? ShapeDrift : StepDrift;
            ref double variance = ref _covariance[i * Size + i];
            variance = Math.Min(variance + drift * drift / tellers, _prior[i]);
        }
    }

    private void Set(int index, double value, double deviation)
    {
        _values[index] = value;
        _prior[index] = _covariance[index * Size + index] = deviation * deviation;
    }

    private void Correlate(int first, int count, double neighbours)
    {
        for (int i = 0; i < count; i++)
        {
            for (int j = 0; j < count; j++)
                _covariance[(first + i) * Size + first + j] = _prior[first] * Math.Pow(neighbours, Math.Abs(i - j));
        }
    }
}
