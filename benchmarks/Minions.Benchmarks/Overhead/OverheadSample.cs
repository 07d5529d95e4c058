namespace Minions.Benchmarks.Overhead;

/// <summary>How one request, or several at once, spent their time.</summary>
/// <param name="Elapsed">From the start of work on the request, or on the first of them, to the last id.</param>
/// <param name="Busy">The part of it in which at least one model ran.</param>
/// <param name="Rounds">Verification rounds, each request's own counted; the prefill is none.</param>
/// <param name="Requests">How many there were.</param>
internal sealed record OverheadSample(TimeSpan Elapsed, TimeSpan Busy, int Rounds, int Requests)
{
    /// <summary>The time in which no model ran.</summary>
    public TimeSpan Own => Elapsed - Busy;

    /// <summary><see cref="Own"/> as a part of <see cref="Elapsed"/>.</summary>
    public double OwnShare => Own / Elapsed;

    /// <summary>Samples that were taken one after another.</summary>
    public static OverheadSample Sum(IReadOnlyCollection<OverheadSample> samples) => samples.Aggregate(
        (sum, next) => new OverheadSample(sum.Elapsed + next.Elapsed, sum.Busy + next.Busy, sum.Rounds + next.Rounds, sum.Requests + next.Requests));
}
