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
/// <param name="Steps">Of the drafts, at index i of the first i + 1 of them side by side.</param>
/// <param name="Starts">What the first step of a round takes beyond that: waking threads, taking in what was committed, voting.</param>
internal sealed record RecordedCosts(double[] Runs, double[] Steps, double[] Starts);

/// <summary>Rounds of real models, to be replayed under any controller.</summary>
internal sealed record Recording(string Models, string[] Drafts, RecordedCosts Costs, IReadOnlyList<RecordedText> Texts)
{
    /// <summary>How far the drafts were asked to go at each place.</summary>
    public const int ProposalLength = 16;
}
