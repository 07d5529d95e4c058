using Minions.Benchmarks.EndToEnd.Costs;

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
    private readonly Dictionary<(string Head, int Rows, int Length), long>[] _chains;
    private readonly long[] _rounds;

    public RoundLog(int domains)
    {
        _shares = [.. Enumerable.Range(0, domains).Select(_ => new Dictionary<RunShape, double>())];
        _chains = [.. Enumerable.Range(0, domains).Select(_ => new Dictionary<(string, int, int), long>())];
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

    /// <summary>Counts what a head did before a round's verification.</summary>
    /// <param name="domain">The domain of the request.</param>
    /// <param name="head">The head's name.</param>
    /// <param name="rows">The rows of its first step.</param>
    /// <param name="length">The ids that it proposed.</param>
    public void AddChain(int domain, string head, int rows, int length)
    {
        lock (_gate)
            _chains[domain][(head, rows, length)] = _chains[domain].GetValueOrDefault((head, rows, length)) + 1;
    }

    /// <summary>What the heads cost that a domain, or all, waited for; heads run side by side, so the costliest counts.</summary>
    public double HeadMilliseconds(int? domain, IReadOnlyDictionary<string, HeadCosts> costs)
    {
        lock (_gate)
        {
            return (domain is { } one ? [_chains[one]] : _chains).SelectMany(chains => chains)
                .Where(chain => costs.ContainsKey(chain.Key.Head))
                .GroupBy(chain => chain.Key.Head, chain => chain.Value * costs[chain.Key.Head].Of(chain.Key.Rows, chain.Key.Length))
                .Select(head => head.Sum())
                .DefaultIfEmpty()
                .Max();
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
