namespace Minions.Benchmarks.Overhead;

/// <summary>How one request spent its time.</summary>
/// <param name="Elapsed">From the start of work on the request to its last id.</param>
/// <param name="Busy">The part of it in which at least one model ran.</param>
/// <param name="Rounds">Its verification rounds; the prefill is none.</param>
internal sealed record OverheadSample(TimeSpan Elapsed, TimeSpan Busy, int Rounds)
{
    /// <summary>The time in which no model ran.</summary>
    public TimeSpan Own => Elapsed - Busy;

    /// <summary><see cref="Own"/> as a part of <see cref="Elapsed"/>.</summary>
    public double OwnShare => Own / Elapsed;

    public static OverheadSample Sum(IReadOnlyCollection<OverheadSample> samples) =>
        samples.Aggregate((sum, next) => new OverheadSample(sum.Elapsed + next.Elapsed, sum.Busy + next.Busy, sum.Rounds + next.Rounds));
}
