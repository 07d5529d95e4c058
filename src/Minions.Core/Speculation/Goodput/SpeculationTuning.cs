namespace Minions.Core.Speculation.Goodput;

/// <summary>
/// The numbers of the policy, in one place, so that <c>replay --sweep</c> can vary them. On the embedded models and the test family, greedy and at
/// temperature 0.8, half and twice of each moves goodput by less than one percent, but for <see cref="NextAfterThis"/> (three percent when halved).
/// </summary>
internal sealed record SpeculationTuning
{
    public static SpeculationTuning Default { get; } = new();

    /// <summary>The ids of its own text by which a request judges drafts; a power of 2.</summary>
    public int OwnPositions { get; init; } = 128;

    /// <summary>
    /// When a text is taken to have turned, so that its ids before are forgotten: the logarithm of how much likelier what drafts did is then.
    /// </summary>
    public double TurnSurprise { get; init; } = 12;

    /// <summary>The ids of earlier texts by which a request judges drafts at its start; a power of 2.</summary>
    public int SharedPositions { get; init; } = 1024;

    /// <summary>How many ids of its own text weigh as much as all earlier ones.</summary>
    public double PriorTrials { get; init; } = 30;

    /// <summary>The chance that an id is accepted, before anything was seen.</summary>
    public double FirstAcceptance { get; init; } = 0.6;

    /// <summary>How many trials of a length weigh as much as what is known of the length before it.</summary>
    public double NeighbourTrials { get; init; } = 30;

    /// <summary>What a round counts of the next one, in all ratios that rounds teach: the last few hundred count.</summary>
    public double RoundDecay { get; init; } = 0.995;

    /// <summary>The same for the rate of a single request.</summary>
    public double RequestDecay { get; init; } = 0.95;

    /// <summary>How many rounds of its own weigh as much as the rate of earlier requests.</summary>
    public double RateRounds { get; init; } = 10;

    /// <summary>How often chains end early for each id that is expected to be rejected there, before rounds have shown it.</summary>
    public double FirstReach { get; init; } = 0.2;

    /// <summary>How many rejections, or accepted ids, that were expected at a position weigh as much as what is known of the one before it.</summary>
    public double PositionTrials { get; init; } = 4;

    /// <summary>The share of what the best draft in hindsight adds to the best single one that the vote gets, before rounds have shown it.</summary>
    public double FirstVoteShare { get; init; } = 0.5;

    /// <summary>How much less likely than an id the next one is to be accepted.</summary>
    public double NextAfterThis { get; init; } = 0.65;

    /// <summary>The share of the time that may be spent on drafts that do not run anyway, to see how they would do.</summary>
    public double ProbeShare { get; init; } = 0.0075;

    /// <summary>The most of that time that is saved up, and what there is at first, in target runs.</summary>
    public double ProbeSavings { get; init; } = 8;

    /// <summary>The rounds after which a draft that does not run may be probed; each probe doubles them up to <see cref="LastProbeGap"/>.</summary>
    public int FirstProbeGap { get; init; } = 4;

    /// <summary>The most rounds between two probes of a draft, as far as they can be paid.</summary>
    public int LastProbeGap { get; init; } = 32;

    /// <summary>The rounds after which a request passes on what it learnt and hears what others did.</summary>
    public int RefreshRounds { get; init; } = 8;
}
