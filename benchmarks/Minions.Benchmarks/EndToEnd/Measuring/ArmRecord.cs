using Minions.Benchmarks.EndToEnd.Arms;

namespace Minions.Benchmarks.EndToEnd.Measuring;

/// <summary>All that was measured of an arm.</summary>
internal sealed class ArmRecord(Arm arm, int domains)
{
    private readonly List<Repetition> _repetitions = [];

    public Arm Arm => arm;

    public IReadOnlyList<Repetition> Repetitions => _repetitions;

    /// <summary>The rounds of all repetitions.</summary>
    public RoundLog Rounds { get; } = new(domains);

    /// <summary>The speed of the arm's very first request, before it has learnt anything.</summary>
    public double ColdTokensPerSecond { get; set; }

    public void Add(Repetition repetition) => _repetitions.Add(repetition);
}
