namespace Minions.Core.Speculation.Goodput;

/// <summary>What <see cref="SpeculationKnowledge"/> writes down.</summary>
internal sealed record KnowledgeState
{
    public required double[] Costs { get; init; }

    public required ulong[] Agreements { get; init; }

    public required double[] Stops { get; init; }

    public required double[] Cuts { get; init; }

    public required double[] Accepted { get; init; }

    public required double[] Acceptance { get; init; }

    public required double[] Survival { get; init; }

    public required double[] Texts { get; init; }

    public required double[] Hopes { get; init; }

    public required double CatchUp { get; init; }

    public required double Rate { get; init; }

    public required double VoteShare { get; init; }
}
