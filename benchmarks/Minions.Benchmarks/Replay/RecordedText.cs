using System.Numerics;

namespace Minions.Benchmarks.Replay;

/// <summary>The target's own answer to a prompt, and what each draft would propose at each place of it.</summary>
/// <param name="Id">The prompt's name.</param>
/// <param name="Domain">What kind of prompt it is.</param>
/// <param name="PromptLength">The number of ids before the answer.</param>
/// <param name="Ids">The answer.</param>
/// <param name="Proposals">By draft and by place in the answer, from its second id on: the first comes with the prefill.</param>
internal sealed record RecordedText(string Id, string Domain, int PromptLength, int[] Ids, RecordedProposal[][] Proposals);

/// <summary>A draft's guess at one place.</summary>
internal sealed record RecordedProposal(int[] Ids, float[] Probabilities);

/// <summary>What runs took on the machine that recorded, in milliseconds.</summary>
/// <param name="Runs">Of the target, at index i of i + 1 rows; what the filler of a single row costs is in the first.</param>
/// <param name="Steps">Of drafts side by side, at index b - 1 of the set whose bits are b.</param>
/// <param name="Starts">What the first step of a round takes beyond that: waking threads, taking in what was committed, reading weights anew.</param>
internal sealed record RecordedCosts(double[] Runs, double[] Steps, double[] Starts)
{
    /// <summary>Times that are a matter of how many drafts run, at index i for i + 1 of them; more cost what the most do.</summary>
    /// <param name="times">The times; at least one.</param>
    /// <param name="drafts">How many drafts there are.</param>
    /// <returns>A time for every set of them.</returns>
    public static double[] ByCount(double[] times, int drafts) =>
        [.. Enumerable.Range(1, (1 << drafts) - 1).Select(bits => times[Math.Min(BitOperations.PopCount((uint)bits), times.Length) - 1])];

    /// <summary>A set's step, of the drafts with these bits.</summary>
    public double Step(ulong drafts) => Steps[drafts - 1];

    /// <summary>What a set's first step takes beyond that.</summary>
    public double Start(ulong drafts) => Starts[drafts - 1];
}

/// <summary>Rounds of real models, to be replayed under any controller.</summary>
internal sealed record Recording(string Models, string[] Drafts, RecordedCosts Costs, IReadOnlyList<RecordedText> Texts)
{
    /// <summary>How far the drafts were asked to go at each place.</summary>
    public const int ProposalLength = 16;
}
