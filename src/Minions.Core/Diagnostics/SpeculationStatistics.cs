namespace Minions.Core.Diagnostics;

/// <summary>Counters of one request. Ids cut off by the end of the request are in none of them.</summary>
/// <remarks>
/// Every committed id is an accepted one or one of the target's own: <see cref="CommittedTokens"/> = <see cref="AcceptedTokens"/> +
/// <see cref="CorrectionTokens"/> + <see cref="BonusTokens"/> + <see cref="PlainTokens"/> + <see cref="NgramTokens"/>. Each round adds at most
/// one of the target's own, and in a round that drafted nothing a guess that was right; only the last may add none, when the text ends within
/// its chain. Where a stop sequence began in an earlier round, the ids behind its beginning are taken out of these counters, and the rounds that
/// gave them stay counted; counters of single drafts keep what was evaluated in them.
/// </remarks>
public sealed class SpeculationStatistics
{
    internal SpeculationStatistics()
    {
    }

    /// <summary>Verification rounds, those of length 0 included; the prefill of the prompt is none.</summary>
    public required int Rounds { get; init; }

    /// <summary>Ids on the chains that were checked.</summary>
    public required int DraftTokens { get; init; }

    /// <summary>Ids committed by rounds: all of the output but the first, which the prefill gives.</summary>
    public required int CommittedTokens { get; init; }

    /// <summary>Ids of the checked chains that the target chose too.</summary>
    public required int AcceptedTokens { get; init; }

    /// <summary>The target's own ids that replaced a rejected one, at most one a round.</summary>
    public required int CorrectionTokens { get; init; }

    /// <summary>The target's own ids behind a chain that was accepted whole, at most one a round.</summary>
    public required int BonusTokens { get; init; }

    /// <summary>The target's own ids of rounds without a chain, one a round: plain decoding.</summary>
    public required int PlainTokens { get; init; }

    /// <summary>
    /// Ids that rounds without drafting gained from a guess: in bit-identical mode their run has a second row anyway, and it checks the id that followed
    /// earlier in the text where it ended as it does now. Those rounds add two ids; the guess is no draft's and counts as neither drafted nor
    /// accepted. Where the target is alone (<see cref="Generation.GenerationOptions.Speculate"/> off, or a greatest length of 0) nothing is guessed.
    /// </summary>
    public required int NgramTokens { get; init; }

    /// <summary>
    /// Rounds in which a draft at least proposed ids that it had drafted during the verification before, having guessed its outcome
    /// (<see cref="Pipeline.PipelineOptions.PreDraft"/>).
    /// </summary>
    public required int PreDraftedRounds { get; init; }

    /// <summary>Rounds for which drafts had pre-drafted in vain.</summary>
    public required int WastedPreDraftRounds { get; init; }

    /// <summary>At index i, the number of rounds in which the chain's id i was accepted.</summary>
    public required IReadOnlyList<int> AcceptedPerPosition { get; init; }

    /// <summary>Counters of each draft, in the pipeline's order.</summary>
    public required IReadOnlyList<DraftStatistics> Drafts { get; init; }

    /// <summary>What lengths were chosen, and what was expected of them.</summary>
    public required SpeculationLengthStatistics Lengths { get; init; }

    /// <summary>Ids of the chains that verification reached: the accepted ones and those a correction replaced.</summary>
    public int EvaluatedTokens => AcceptedTokens + CorrectionTokens;

    /// <summary>Accepted ids over ids checked, in [0, 1]; 0 when nothing was checked.</summary>
    public double AcceptanceRate => DraftTokens == 0 ? 0 : (double)AcceptedTokens / DraftTokens;

    /// <summary>Committed ids a round; 1 in plain decoding, or up to 2 where its guesses are right, 0 when there was no round.</summary>
    public double TokensPerRound => Rounds == 0 ? 0 : (double)CommittedTokens / Rounds;
}
