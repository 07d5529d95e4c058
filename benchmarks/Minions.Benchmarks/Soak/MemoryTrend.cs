using System.Globalization;

namespace Minions.Benchmarks.Soak;

/// <summary>Resident memory over time: what the first two minutes needed, and whether later ones needed notably more.</summary>
internal sealed class MemoryTrend
{
    /// <summary>What may be added later: pages come and go, and a rare mix of requests needs more caches at once.</summary>
    private const double Tolerance = 1.10;

    private static readonly TimeSpan Settled = TimeSpan.FromMinutes(2);
    private readonly List<(TimeSpan At, long Bytes)> _samples = [];

    /// <summary>True when there was nothing to compare: a run shorter than the time to settle proves nothing about memory.</summary>
    public bool IsBounded => After == 0 || After <= Before * Tolerance;

    private long Before => _samples.Where(sample => sample.At <= Settled).Select(sample => sample.Bytes).DefaultIfEmpty().Max();

    private long After => _samples.Where(sample => sample.At > Settled).Select(sample => sample.Bytes).DefaultIfEmpty().Max();

    public void Add(TimeSpan at, long bytes) => _samples.Add((at, bytes));

    public void Write(TextWriter output)
    {
        string after = After == 0 ? "not measured: run longer than two minutes" : string.Create(CultureInfo.InvariantCulture, $"{After >> 20} MB, {(double)After / Before:0.00} of it");
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"most resident memory: {Before >> 20} MB in the first two minutes; later {after}"));
    }
}
