namespace Minions.Core.Speculation.Goodput;

/// <summary>The numbers of the policy, in one place, so that <c>replay --sweep</c> can vary them.</summary>
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

    /// <summary>How many ids of its own text weigh as much as all earlier ones, at each length; the most that texts which are alike show.</summary>
    public double PriorTrials { get; init; } = 40;

    /// <summary>How many ids of its own text weigh as much as all texts before it, before texts have shown it.</summary>
    public double TextTrials { get; init; } = 5;

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

    /// <summary>How many rejections that were expected at a position weigh as much as what is known of the one before it.</summary>
    public double PositionTrials { get; init; } = 4;

    /// <summary>The same for accepted ids: plans are made for what looks best, and that is by chance, too.</summary>
    public double AcceptedTrials { get; init; } = 15;

    /// <summary>The share of what the best draft in hindsight adds to the best single one that the vote gets, before rounds have shown it.</summary>
    public double FirstVoteShare { get; init; } = 0.5;

    /// <summary>How much less likely than an id the next one is to be accepted.</summary>
    public double NextAfterThis { get; init; } = 0.65;

    /// <summary>How many deviations better than thought a draft that rests may well be.</summary>
    public double Hope { get; init; } = 2.5;

    /// <summary>The share of that which a probe brings, before probes have shown it.</summary>
    public double FirstHope { get; init; } = 0.1;

    /// <summary>What of it weighs as much as that, in ids a round.</summary>
    public double HopeTrials { get; init; } = 2;

    /// <summary>What a probe counts of the next one.</summary>
    public double HopeDecay { get; init; } = 0.95;

    /// <summary>The share of the time that may be spent on probes that do not seem worth it.</summary>
    public double ProbeShare { get; init; } = 0.02;

    /// <summary>The same of the time of all texts since a draft was asked.</summary>
    public double LastingProbeShare { get; init; } = 0.003;

    /// <summary>After how many ids that a draft missed half of what is known of it counts as old.</summary>
    public double HalfLife { get; init; } = 16;

    /// <summary>The fewest ids that a draft misses before it is probed.</summary>
    public int ProbeGap { get; init; } = 4;

    /// <summary>The most rounds over which the time of catching up is spread.</summary>
    public int StayRounds { get; init; } = 32;

    /// <summary>The rounds after which a request passes on what it learnt and hears what others did.</summary>
    public int RefreshRounds { get; init; } = 8;
}
