namespace Minions.Core.SpeculationLength.Goodput;

/// <summary>What all requests of a pipeline learn together: the costs, and what a request starts from until it knows itself.</summary>
/// <remarks>
/// One writer at a time: a request that finds another one writing leaves its observation out here rather than wait. Readers do not lock; a
/// value that is being changed is old or new, and either is good enough for a guess.
/// </remarks>
internal sealed class SharedKnowledge
{
    internal const int Positions = Generation.GenerationOptions.MaximumSpeculationLength;

    private const double Memory = 0.998;
    private const double RateMemory = 0.995;
    private const double Drift = 0.0005;

    public Lock Writing { get; } = new();

    public RunCosts Costs { get; } = new();

    public ExplorationBudget Budget { get; } = new();

    /// <summary>How far chains were accepted, of those that were planned to go further.</summary>
    public PositionOdds Accepted { get; } = new(Positions, Memory);

    /// <summary>How far chains were verified.</summary>
    public PositionOdds Verified { get; } = new(Positions, Memory);

    /// <summary>How far drafts proposed.</summary>
    public PositionOdds Proposed { get; } = new(Positions, Memory);

    /// <summary>Whether an id is accepted when the one before it was, from its probability and its support.</summary>
    public LogisticRule Acceptance { get; } = new([0, 0.8, 1], [1, 0.5, 1], Drift);

    /// <summary>Whether a chain is accepted up to an id, from the product of the probabilities.</summary>
    public LogisticRule Survival { get; } = new([0, 0.8, 0], [1, 0.5, 0], Drift);

    /// <summary>Whether the first id of a chain is accepted, from the chance of plain decoding's guess.</summary>
    public LogisticRule GuessRule { get; } = new([0, 0.3, 0], [1, 0.3, 0], Drift);

    /// <summary>The log of the odds of plain decoding's guess in rounds with a chain.</summary>
    public double UsualGuess { get; set; } = LogisticRule.LogOdds(0.2);

    /// <summary>How far requests draft.</summary>
    public DraftDepths Depths { get; } = new(Positions);

    public GoodputRate Rate { get; } = new(RateMemory);
}

/// <summary>Ids committed per cost, the older rounds counting less.</summary>
internal sealed class GoodputRate(double memory)
{
    private double _tokens;
    private double _cost;

    /// <summary>The rate, or 0 before the first round.</summary>
    public double Value => _cost > 0 ? _tokens / _cost : 0;

    /// <summary>Starts from another rate, as if some rounds had shown it.</summary>
    public void StartFrom(GoodputRate other, double cost) => (_tokens, _cost) = (other.Value * cost, other.Value > 0 ? cost : 0);

    public void Observe(double tokens, double cost)
    {
        _tokens = _tokens * memory + tokens;
        _cost = _cost * memory + cost;
    }
}
