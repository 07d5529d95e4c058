namespace Minions.Benchmarks.Soak;

/// <summary>What became of the requests. Safe to use from several threads.</summary>
internal sealed class SoakTally
{
    private readonly Lock _lock = new();
    private readonly SortedDictionary<string, int> _outcomes = new(StringComparer.Ordinal);
    private readonly List<string> _faults = [];

    public int Requests
    {
        get
        {
            lock (_lock)
                return _outcomes.Values.Sum();
        }
    }

    public bool IsClean
    {
        get
        {
            lock (_lock)
                return _faults.Count == 0;
        }
    }

    public void Count(string outcome)
    {
        lock (_lock)
            _outcomes[outcome] = _outcomes.GetValueOrDefault(outcome) + 1;
    }

    public void Fault(string what)
    {
        lock (_lock)
            _faults.Add(what);
    }

    public void Write(TextWriter output)
    {
        lock (_lock)
        {
            foreach ((string outcome, int count) in _outcomes)
                output.WriteLine($"{outcome}: {count}");
            output.WriteLine(_faults.Count == 0 ? "no request was lost, stuck or wrong" : $"{_faults.Count} faults, the first: {_faults[0]}");
        }
    }
}
