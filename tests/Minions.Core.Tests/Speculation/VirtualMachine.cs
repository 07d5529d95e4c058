using Minions.Core.Drafting;

namespace Minions.Core.Tests.Speculation;

/// <summary>What runs cost, in seconds, without a clock.</summary>
/// <param name="Run">The time of a target run, by rows and requests; the filler of a run without a chain is in it.</param>
/// <param name="Step">The time of one step of a draft.</param>
internal sealed record VirtualMachine(Func<int, int, double> Run, double Step)
{
    // SmolLM2 on two cores, by rows: a chain of one id takes the place of the filler, so it is free.
    private static readonly double[] SmolLm2 = [5.9e-3, 5.9e-3, 6.6e-3, 6.9e-3, 7.4e-3, 7.6e-3];

    /// <summary>A machine on which wide runs cost little more than narrow ones.</summary>
    public static VirtualMachine Flat { get; } = new((rows, _) => rows <= SmolLm2.Length ? SmolLm2[rows - 1] : SmolLm2[^1] + (rows - SmolLm2.Length) * 0.35e-3, 0.15e-3);

    /// <summary>A machine on which every row costs a good part of a run.</summary>
    public static VirtualMachine Steep { get; } = new((rows, _) => 1e-3 + 0.25e-3 * Math.Max(1, rows - 1), 0.1e-3);

    /// <summary>SmolLM2 on two cores for several requests: more of them cost attention nodes, more rows of theirs cost little.</summary>
    public static VirtualMachine Packed { get; } = new((rows, requests) => 5.5e-3 + 0.75e-3 * (requests - 1) + 0.15e-3 * rows, 0.45e-3) { MinRows = 2, Company = 0.15 };

    /// <summary>The fewest rows that a run takes for a request.</summary>
    public int MinRows { get; init; } = 1;

    /// <summary>How much of a step each request more costs that it is taken for.</summary>
    public double Company { get; init; }

    /// <summary>Whether drafts run for one request after the other.</summary>
    public bool DraftsApart { get; init; }

    /// <summary>How many times as long as others each draft takes; those behind the last one are not slow.</summary>
    public IReadOnlyList<double> Slowness { get; init; } = [];

    /// <summary>What a draft beside a slower one adds to the step, as a share of its own.</summary>
    public double Overlap { get; init; }

    /// <summary>What taking in an id that a draft has missed costs, in its steps.</summary>
    public double CatchUp { get; init; }

    /// <summary>Multiplies each time with what this gives for it: noise, or a load that all runs have in common.</summary>
    public Func<int, double> Disturbance { get; init; } = _ => 1;

    /// <summary>Multiplies the time of drafting for the number of times that there was any before.</summary>
    public Func<int, double> DraftDisturbance { get; init; } = _ => 1;

    /// <summary>Multiplies the time of drafting when a draft runs that did not the last time: it has to catch up.</summary>
    public double Newcomer { get; init; } = 1;

    /// <summary>What beginning to draft costs, in steps.</summary>
    public double Start { get; init; }

    public double Plain => Run(1, 1);

    public double StepOf(int draft) => Step * (draft < Slowness.Count ? Slowness[draft] : 1);

    /// <summary>The machine with some of the drafts only.</summary>
    public VirtualMachine Only(DraftSet drafts) => this with { Slowness = [.. Slowness.Where((_, draft) => drafts.Contains(draft))] };
}
