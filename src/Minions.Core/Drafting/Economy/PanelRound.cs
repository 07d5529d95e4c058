namespace Minions.Core.Drafting.Economy;

/// <summary>What one verified round cost, and what other panels would have had accepted in it. Filled anew every round.</summary>
internal sealed class PanelRound(int drafts)
{
    /// <summary>The drafts that were asked to propose, one bit each.</summary>
    public ulong Running { get; set; }

    /// <summary>The most ids each of them was to propose; 0 in plain decoding.</summary>
    public int Length { get; set; }

    /// <summary>For each draft how many ids it proposed: fewer where it stopped early, 0 when it did not run or failed.</summary>
    public int[] Proposed { get; } = new int[drafts];

    /// <summary>For each draft how likely it held the text that it read in this round; empty where it was not asked, or does not tell.</summary>
    public TextFit[] Fits { get; } = new TextFit[drafts];

    /// <summary>Whether plain decoding had a guess that is reason enough to do without drafts.</summary>
    public bool HasSureGuess { get; set; }

    /// <summary>The ids committed before the round.</summary>
    public int ContextLength { get; set; }

    /// <summary>How long the target run took, in seconds; of a run shared with other requests this one's part.</summary>
    public double VerifySeconds { get; set; }

    /// <summary>For each draft how long it ran, in seconds; 0 when it did not.</summary>
    public double[] DraftSeconds { get; } = new double[drafts];

    /// <summary>How many requests the drafts ran for together.</summary>
    public int DraftSlots { get; set; } = 1;

    /// <summary>For each draft how many committed ids were new to it: more than a round's worth when it comes from a rest.</summary>
    public int[] NewIds { get; } = new int[drafts];

    /// <summary>How many committed ids the vote of the running drafts began with.</summary>
    public int Accepted { get; set; }

    /// <summary>The drafts for which <see cref="Without"/> and <see cref="Alone"/> were found out, one bit each.</summary>
    public ulong Polled { get; set; }

    /// <summary>For each polled draft, how many committed ids the vote of all others would have begun with.</summary>
    public int[] Without { get; } = new int[drafts];

    /// <summary>For each polled draft, how many committed ids the vote with it alone would have begun with.</summary>
    public int[] Alone { get; } = new int[drafts];
}
