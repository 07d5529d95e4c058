namespace Minions.Core.Tests.SpeculationLength;

/// <summary>What runs cost, in seconds, without a clock.</summary>
/// <param name="Run">The time of a target run, by rows; the filler of a run without a chain is in it.</param>
/// <param name="Step">The time of one step of the drafts.</param>
internal sealed record VirtualMachine(Func<int, double> Run, double Step)
{
    // SmolLM2 on two cores, by rows: a chain of one id takes the place of the filler, so it is free.
    private static readonly double[] SmolLm2 = [5.9e-3, 5.9e-3, 6.6e-3, 6.9e-3, 7.4e-3, 7.6e-3];

    /// <summary>A machine on which wide runs cost little more than narrow ones.</summary>
    public static VirtualMachine Flat { get; } = new(rows => rows <= SmolLm2.Length ? SmolLm2[rows - 1] : SmolLm2[^1] + (rows - SmolLm2.Length) * 0.35e-3, 0.15e-3);

    /// <summary>A machine on which every row costs a good part of a run.</summary>
    public static VirtualMachine Steep { get; } = new(rows => 1e-3 + 0.25e-3 * Math.Max(1, rows - 1), 0.1e-3);

    /// <summary>Multiplies each time with what this gives for it: noise, or a load that all runs have in common.</summary>
    public Func<int, double> Disturbance { get; init; } = _ => 1;

    /// <summary>Multiplies the time of drafting for the number of times that there was any before.</summary>
    public Func<int, double> DraftDisturbance { get; init; } = _ => 1;

    /// <summary>Which drafts run, one bit each, by round.</summary>
    public Func<int, ulong> DraftSet { get; init; } = _ => 1;

    /// <summary>Multiplies the time of drafting when a draft runs that did not the last time: it has to catch up.</summary>
    public double Newcomer { get; init; } = 1;

    /// <summary>What beginning to draft costs, in steps.</summary>
    public double Start { get; init; }

    public double Plain => Run(1);
}
