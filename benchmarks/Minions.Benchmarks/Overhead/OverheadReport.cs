namespace Minions.Benchmarks.Overhead;

/// <summary>The library's own share over all requests, and how it spreads.</summary>
internal sealed class OverheadReport(IReadOnlyCollection<OverheadSample> samples)
{
    /// <summary>The largest own share of the wall time that is accepted.</summary>
    public const double Bound = 0.03;

    private readonly OverheadSample _total = OverheadSample.Sum(samples);
    private readonly double[] _shares = [.. samples.Select(sample => sample.OwnShare).Order()];

    public bool IsWithinBound => _total.OwnShare <= Bound;

    public void Write(TextWriter output)
    {
        output.WriteLine($"requests               {_shares.Length}");
        output.WriteLine($"rounds                 {_total.Rounds}");
        output.WriteLine($"own share, all         {_total.OwnShare:0.00 %}");
        output.WriteLine($"own share, a request   median {Median():0.00 %}, from {_shares[0]:0.00 %} to {_shares[^1]:0.00 %}");
        output.WriteLine($"time a round           {(_total.Rounds == 0 ? 0 : _total.Elapsed.TotalMilliseconds / _total.Rounds):0.00} ms (prefill included)");
        output.WriteLine($"own time a round       {(_total.Rounds == 0 ? 0 : _total.Own.TotalMicroseconds / _total.Rounds):0} µs");
        output.WriteLine($"own time a request     {_total.Own.TotalMilliseconds / _shares.Length:0.0} ms, from {samples.Min(sample => sample.Own).TotalMilliseconds:0.0} to {samples.Max(sample => sample.Own).TotalMilliseconds:0.0} ms");
        output.WriteLine($"bound: {Bound:0 %}             {(IsWithinBound ? "kept" : "MISSED")}");
    }

    private double Median() => (_shares[(_shares.Length - 1) / 2] + _shares[_shares.Length / 2]) / 2;
}
