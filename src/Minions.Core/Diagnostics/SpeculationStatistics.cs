namespace Minions.Core.Diagnostics;

/// <summary>Counters of one request. Ids cut off by the end of the request are in none of them.</summary>
/// <remarks>
/// Every committed id is an accepted one or one of the target's own: <see cref="CommittedTokens"/> = <see cref="AcceptedTokens"/> +
/// <see cref="Corrections"/> + <see cref="Bonuses"/> + <see cref="PlainTokens"/> + <see cref="GuessedTokens"/>. Each round adds at most one
/// of the target's own, and in a round that drafted nothing a guess that was right; only the last may add none, when the text ends within
/// its chain.
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

    /// <summary>Ids of those chains that the target chose too.</summary>
    public required int AcceptedTokens { get; init; }

    /// <summary>Ids committed by rounds: all of the output but the first, which the prefill gives.</summary>
    public required int CommittedTokens { get; init; }

    /// <summary>Rounds in which the target's own id replaced a rejected one.</summary>
    public required int Corrections { get; init; }

    /// <summary>Rounds in which the whole chain was accepted and the target added an id.</summary>
    public required int Bonuses { get; init; }

    /// <summary>Rounds in which there was no chain and the target added an id: plain decoding.</summary>
    public required int PlainTokens { get; init; }

    /// <summary>
    /// Ids that rounds without drafting gained from a guess: in bit-identical mode their run has a second row anyway, and it checks the id that followed
    /// earlier in the text where it ended as it does now. Those rounds add two ids; the guess is no draft's and counts as neither drafted nor
    /// accepted. Requests that ask for the target alone (a greatest length of 0, or <see cref="Generation.SpeculationMode.Off"/>) go without.
    /// </summary>
    public required int GuessedTokens { get; init; }

    /// <summary>
    /// Rounds in which a draft at least proposed ids that it had drafted during the verification before, having guessed its outcome
    /// (<see cref="Pipeline.PipelineOptions.DraftAhead"/>).
    /// </summary>
    public required int AheadRounds { get; init; }

    /// <summary>Rounds for which drafts had worked ahead in vain.</summary>
    public required int WastedAheadRounds { get; init; }

    /// <summary>Ids of the chains that verification reached: the accepted ones and those a correction replaced.</summary>
    public int EvaluatedTokens => AcceptedTokens + Corrections;

    /// <summary>At index i, the number of rounds in which the chain's id i was accepted.</summary>
    public required IReadOnlyList<int> AcceptedPerPosition { get; init; }

    /// <summary>Counters of each draft, in the pipeline's order.</summary>
    public required IReadOnlyList<DraftStatistics> Drafts { get; init; }

    /// <summary>What lengths were chosen, and what was expected of them.</summary>
    public required SpeculationLengthStatistics Lengths { get; init; }

    /// <summary>Accepted ids over ids checked, in [0, 1]; 0 when nothing was checked.</summary>
    public double AcceptanceRate => DraftTokens == 0 ? 0 : (double)AcceptedTokens / DraftTokens;

    /// <summary>Committed ids a round; 1 in plain decoding, or up to 2 where its guesses are right, 0 when there was no round.</summary>
    public double TokensPerRound => Rounds == 0 ? 0 : (double)CommittedTokens / Rounds;
}

/// <summary>Counters of one draft within a request.</summary>
/// <param name="Name">The draft's name.</param>
/// <param name="Rounds">Rounds it made a proposal in.</param>
/// <param name="ProposedTokens">Ids it proposed.</param>
/// <param name="EvaluatedTokens">
/// Those of its ids that verification reached: the ones that agreed with the text from the proposal's first id on, and the first that did not.
/// </param>
/// <param name="AgreedTokens">
/// Ids that agreed with the text from the proposal's first id on, whether its chain was the checked one or not.
/// </param>
/// <param name="Wins">Rounds in which the checked chain was one this draft had proposed from the first id to the last.</param>
/// <param name="RestedRounds">Rounds in which other drafts ran and this one was left out because it did not earn its time.</param>
/// <param name="Probes">How often it was to be tried again after a rest, whether or not the length rule then had it run.</param>
/// <param name="Faults">Rounds it failed in, or during whose verification it failed to work ahead.</param>
/// <param name="Weight">Its weight in the vote at the end of the request.</param>
public sealed record DraftStatistics(
    string Name,
    int Rounds,
    int ProposedTokens,
    int EvaluatedTokens,
    int AgreedTokens,
    int Wins,
    int RestedRounds,
    int Probes,
    int Faults,
    double Weight)
{
    /// <summary>Ids that agreed over ids evaluated, in [0, 1]; 0 when none was evaluated.</summary>
    public double AgreementRate => EvaluatedTokens == 0 ? 0 : (double)AgreedTokens / EvaluatedTokens;
}
