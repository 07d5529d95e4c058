namespace Minions.Benchmarks.EndToEnd.Measuring;

/// <summary>The shape of a target run.</summary>
/// <param name="Rows">Rows of all requests together.</param>
/// <param name="Slots">Requests in the run.</param>
internal readonly record struct RunShape(int Rows, int Slots);

/// <summary>Counts verification rounds by the shape of their runs, for each domain. Safe for several threads.</summary>
internal sealed class RoundLog
{
    private readonly Lock _gate = new();
    private readonly Dictionary<RunShape, double>[] _shares;
    private readonly long[] _rounds;

    public RoundLog(int domains)
    {
        _shares = [.. Enumerable.Range(0, domains).Select(_ => new Dictionary<RunShape, double>())];
        _rounds = new long[domains];
    }

    /// <summary>Counts a round.</summary>
    /// <param name="domain">The domain of the round's request.</param>
    /// <param name="run">The run it was part of.</param>
    /// <param name="share">Its part of that run's rows, in (0, 1].</param>
    public void Add(int domain, RunShape run, double share)
    {
        lock (_gate)
        {
            _rounds[domain]++;
            _shares[domain][run] = _shares[domain].GetValueOrDefault(run) + share;
        }
    }

    /// <summary>The rounds of a domain, or of all.</summary>
    public long Rounds(int? domain)
    {
        lock (_gate)
            return domain is { } one ? _rounds[one] : _rounds.Sum();
    }

    /// <summary>How many runs of each shape a domain, or all, used up; a shared run counts by its share.</summary>
    public IReadOnlyList<KeyValuePair<RunShape, double>> Runs(int? domain)
    {
        lock (_gate)
            return [.. domain is { } one ? _shares[one] : _shares.SelectMany(shares => shares)];
    }
}
