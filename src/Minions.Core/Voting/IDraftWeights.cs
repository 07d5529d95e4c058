namespace Minions.Core.Voting;

/// <summary>The weights of one request's drafts, and the rule that changes them.</summary>
internal interface IDraftWeights
{
    /// <summary>One weight a draft, each above 0.</summary>
    ReadOnlySpan<double> Values { get; }

    /// <summary>Learns from a verified round in which drafts ran.</summary>
    /// <param name="score">How each draft's own proposal met the committed text.</param>
    /// <param name="agreement">For each draft, how many ids of the checked chain its proposal begins with.</param>
    /// <param name="chainLength">The ids of the chain; 0 when none was checked.</param>
    /// <param name="accepted">How many of them the target chose too.</param>
    void Learn(RoundScore score, ReadOnlySpan<int> agreement, int chainLength, int accepted);

    /// <summary>Passes on what the request taught to those to come. Called once, when it has ended well.</summary>
    void Publish()
    {
    }
}
