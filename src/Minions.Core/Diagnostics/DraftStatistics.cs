namespace Minions.Core.Diagnostics;

/// <summary>Counters of one draft within a request. Equal when all of them are.</summary>
public sealed record DraftStatistics
{
    internal DraftStatistics()
    {
    }

    /// <summary>The draft's name.</summary>
    public required string Name { get; init; }

    /// <summary>Rounds it made a proposal in.</summary>
    public required int Rounds { get; init; }

    /// <summary>Rounds in which the checked chain, as far as it was voted for, was one this draft had proposed from the first id to the last.</summary>
    public required int SelectedRounds { get; init; }

    /// <summary>Rounds in which other drafts ran and this one was left out because it did not earn its time.</summary>
    public required int SkippedRounds { get; init; }

    /// <summary>Rounds in which it ran for a single id without a vote, to see how it would have done.</summary>
    public required int Probes { get; init; }

    /// <summary>Rounds it failed in, be it in going on behind the voted chain, or in pre-drafting during their verification.</summary>
    public required int Faults { get; init; }

    /// <summary>Ids it proposed.</summary>
    public required int ProposedTokens { get; init; }

    /// <summary>
    /// Those of its ids that verification reached: the ones that agreed with the text from the proposal's first id on, and the first that did
    /// not.
    /// </summary>
    public required int EvaluatedTokens { get; init; }

    /// <summary>Ids that agreed with the text from the proposal's first id on, whether its chain was the checked one or not.</summary>
    public required int AgreedTokens { get; init; }

    /// <summary>
    /// Ids that it added behind voted chains and that were checked (<see cref="IDraftModel.ContinuesChains"/>). They are no proposals: none of the
    /// counters above has them, and no weight depends on them.
    /// </summary>
    public required int ContinuedTokens { get; init; }

    /// <summary>How many of these the target chose too.</summary>
    public required int AgreedContinuedTokens { get; init; }

    /// <summary>Its weight in the vote at the end of the request.</summary>
    public required double Weight { get; init; }

    /// <summary>Ids that agreed over ids evaluated, in [0, 1]; 0 when none was evaluated.</summary>
    public double AgreementRate => EvaluatedTokens == 0 ? 0 : (double)AgreedTokens / EvaluatedTokens;
}
