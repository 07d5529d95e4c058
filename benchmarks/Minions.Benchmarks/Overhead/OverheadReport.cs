using Minions.Benchmarks.Reporting;
namespace Minions.Benchmarks.Overhead;

/// <summary>The library's own share over all requests, and how it spreads where requests were measured one by one.</summary>
/// <param name="samples">What was measured, one after another; at least one.</param>
/// <param name="concurrency">How many requests were at work at once.</param>
internal sealed class OverheadReport(IReadOnlyCollection<OverheadSample> samples, int concurrency)
{
    /// <summary>The largest own share of the wall time that is accepted.</summary>
    public const double Bound = 0.03;

    private readonly OverheadSample _total = OverheadSample.Sum(samples);
    private readonly Spread _shares = Spread.Of(samples.Select(sample => sample.OwnShare));

    public bool IsWithinBound => _total.OwnShare <= Bound;

    public void Write(TextWriter output)
    {
        output.WriteLine($"requests               {_total.Requests}, {concurrency} at once");
        output.WriteLine($"rounds                 {_total.Rounds}");
        output.WriteLine($"own share, all         {_total.OwnShare:0.00 %}");
        if (concurrency == 1)
            output.WriteLine($"own share, a request   median {_shares.Median:0.00 %}, from {_shares.Minimum:0.00 %} to {_shares.Maximum:0.00 %}");
        output.WriteLine($"time a round           {OfRounds(_total.Elapsed).TotalMilliseconds:0.00} ms (prefill included{(concurrency == 1 ? "" : "; requests share it")})");
        output.WriteLine($"own time a round       {OfRounds(_total.Own).TotalMicroseconds:0} µs");
        output.WriteLine($"own time a request     {_total.Own.TotalMilliseconds / _total.Requests:0.0} ms{(concurrency == 1 ? Range() : "")}");
        output.WriteLine($"bound: {Bound:0 %}             {(IsWithinBound ? "kept" : "MISSED")}");
    }

    private TimeSpan OfRounds(TimeSpan time) => _total.Rounds == 0 ? TimeSpan.Zero : time / _total.Rounds;

    private string Range() => $", from {samples.Min(sample => sample.Own).TotalMilliseconds:0.0} to {samples.Max(sample => sample.Own).TotalMilliseconds:0.0} ms";
}
