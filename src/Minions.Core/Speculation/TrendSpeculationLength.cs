namespace Minions.Core.Speculation;

/// <summary>
/// The rule of Minions (arXiv 2402.15678, section 4.2): follow the trend of the time an id takes. N ids take N / vl(s) runs of t(b, s) each,
/// where vl is the mean number of ids a run commits at length s and b the batch, so t(b, s) / vl(s) is to be minimised.
/// </summary>
/// <remarks>
/// <para>
/// All requests share one length. When enough rounds drafted at it were verified, their time per id joins the last few such points and a
/// line is fitted through them: while it falls with the length, or does not rise, the length grows; when it rises, the length is cut
/// and the points are forgotten. Rounds still in flight from before a change count for nothing, and no change is made until they are back.
/// Times are those of target runs: the paper hides drafting behind them. It never goes below length 1, so it cannot turn speculation off.
/// </para>
/// <para>The paper states no constants; those here are ours. The default, <see cref="GoodputSpeculationLength"/>, is faster in general.</para>
/// </remarks>
public sealed class TrendSpeculationLength : ISpeculationLengthController
{
    /// <summary>The length of the first rounds: 2, where the paper's own sweeps begin.</summary>
    internal const int FirstLength = 2;

    /// <summary>The number of verified rounds that make a point: 16.</summary>
    internal const int RoundsPerPoint = 16;

    /// <summary>The number of latest points that the line is fitted through: 4.</summary>
    internal const int PointsPerTrend = 4;

    /// <summary>How much longer rounds get while the trend is good: 1 id.</summary>
    internal const int Increase = 1;

    /// <summary>How much shorter they get when it is bad: 2 ids.</summary>
    internal const int Penalty = 2;

    // Cancelled requests never report their last round, so waiting for old rounds has an end.
    private const int LongestWait = 4 * RoundsPerPoint;

    private readonly Lock _gate = new();
    private readonly double[] _lengths = new double[PointsPerTrend];
    private readonly double[] _times = new double[PointsPerTrend];
    private int _points;
    private int _epoch;
    private int _length = FirstLength;
    private int _planned;
    private int _stale;
    private int _rounds;
    private double _seconds;
    private int _tokens;

    /// <summary>The length that rounds are planned with at present, before the limits of a request.</summary>
    public int CurrentLength => Volatile.Read(ref _length);

    /// <inheritdoc/>
    public ISpeculationLengthPlanner OpenRequest(SpeculationLimits limits) => new Planner(this, limits);

    private (int Length, int Epoch) Begin()
    {
        lock (_gate)
        {
            _planned++;
            return (_length, _epoch);
        }
    }

    private void End(int epoch, SpeculationRound round, SpeculationLimits limits)
    {
        lock (_gate)
        {
            if (epoch != _epoch)
            {
                _stale--;
                return;
            }

            _planned--;

            // The end of a request cuts its last rounds shorter.
            if (round.Plan.Length < Math.Clamp(_length, limits.Minimum, limits.Maximum))
                return;

            _rounds++;
            _seconds += round.VerifyTime.TotalSeconds;
            _tokens += round.Committed;
            if (_tokens > 0 && _rounds >= RoundsPerPoint && (_stale <= 0 || _rounds >= LongestWait))
                Decide(limits);
        }
    }

    private void Decide(SpeculationLimits limits)
    {
        if (_points == PointsPerTrend)
        {
            Array.Copy(_lengths, 1, _lengths, 0, --_points);
            Array.Copy(_times, 1, _times, 0, _points);
        }

        (_lengths[_points], _times[_points]) = (_length, _seconds / _tokens);
        _points++;
        if (Slope() <= 0)
        {
            _length += Increase;
        }
        else
        {
            _length -= Penalty;
            _points = 0;
        }

        _length = Math.Clamp(_length, Math.Max(1, limits.Minimum), Math.Max(1, limits.Maximum));
        (_stale, _planned, _rounds, _seconds, _tokens) = (Math.Max(0, _stale) + _planned, 0, 0, 0, 0);
        _epoch++;
    }

    // Least squares; a single point, or several at one length, have no trend.
    private double Slope()
    {
        double meanLength = 0, meanTime = 0;
        for (int i = 0; i < _points; i++)
        {
            meanLength += _lengths[i] / _points;
            meanTime += _times[i] / _points;
        }

        double together = 0, spread = 0;
        for (int i = 0; i < _points; i++)
        {
            together += (_lengths[i] - meanLength) * (_times[i] - meanTime);
            spread += (_lengths[i] - meanLength) * (_lengths[i] - meanLength);
        }

        return spread > 0 ? together / spread : 0;
    }

    private sealed class Planner(TrendSpeculationLength trend, SpeculationLimits limits) : ISpeculationLengthPlanner
    {
        private int _epoch;

        public SpeculationPlan Plan(in RoundOutlook outlook)
        {
            (int length, _epoch) = trend.Begin();
            return new SpeculationPlan(Math.Clamp(length, limits.Minimum, limits.Maximum));
        }

        public void Observe(SpeculationRound round) => trend.End(_epoch, round, limits);
    }
}
