using Minions.Core.States;

namespace Minions.Core.Drafting;

/// <summary>One sequence's part of a drafting round: what to continue, how far, and the place for the proposal.</summary>
/// <remarks>
/// The pipeline makes one for each request and draft and reuses it every round; pre-drafting has another one over the same sequence. Used by
/// one thread at a time.
/// </remarks>
public sealed class DraftRequest
{
    /// <summary>The most ids that a round has scored.</summary>
    public const int MaxTokensToScore = 64;

    /// <summary>Makes the request of one sequence.</summary>
    /// <param name="sequence">What the draft opened.</param>
    public DraftRequest(IDraftSequence sequence)
    {
        ArgumentNullException.ThrowIfNull(sequence);
        Sequence = sequence;
    }

    /// <summary>The draft's private state for this request.</summary>
    public IDraftSequence Sequence { get; }

    /// <summary>
    /// All ids of the text so far; the proposal continues the last one. The last <see cref="SupposedTokens"/> of them are not certain yet.
    /// </summary>
    public ReadOnlyMemory<int> Context { get; private set; }

    /// <summary>
    /// How many of the context's last ids are only supposed: voted for, or guessed before a verification has ended
    /// (<see cref="IDraftModel.ContinuesChains"/>, <see cref="IDraftModel.SupportsPreDrafting"/>). The text may turn out otherwise, so a draft that
    /// learns from contexts learns nothing from these. 0, the default, where all are certain.
    /// </summary>
    public int SupposedTokens { get; private set; }

    /// <summary>The most ids to propose; 0 where only scores are wanted.</summary>
    public int Length { get; private set; }

    /// <summary>
    /// Where to stop early: once the product of the proposed ids' probabilities, the last one's included, is below this, the next id is
    /// unlikely to pay. In [0, 1); 0 never stops.
    /// </summary>
    public float MinimumConfidence { get; private set; }

    /// <summary>
    /// The target's states of committed ids, for a draft that reads them (<see cref="IDraftModel.ReadsStates"/>): up to the last id but one of
    /// <see cref="Context"/>, which the target has not run yet, and from as far back as is kept. Else <see langword="null"/>.
    /// </summary>
    public TargetStates? States { get; init; }

    /// <summary>Signalled when this request is no longer wanted; a draft looks between two runs, not within one.</summary>
    public CancellationToken Cancellation { get; set; }

    /// <summary>Receives the proposal.</summary>
    public Proposal Proposal { get; } = new();

    /// <summary>What went wrong with this request in this round, or <see langword="null"/>.</summary>
    public Exception? Fault { get; private set; }

    /// <summary>
    /// How many of the context's last ids are worth a call of <see cref="Score"/>: from 0, the default, to <see cref="MaxTokensToScore"/>, and
    /// never the first id of a text. It is a wish: a draft scores what it takes in during this call anyway, which may be less or nothing.
    /// </summary>
    public int TokensToScore { get; private set; }

    /// <summary>How many ids were scored: the last ones of the context. In [0, <see cref="TokensToScore"/>].</summary>
    public int ScoredTokens { get; private set; }

    /// <summary>Which of the scored ids are the draft's own choice, one bit each: bit 0 for the first id that was scored, not the last.</summary>
    public ulong ScoredAgreements { get; private set; }

    /// <summary>Prepares a round: clears proposal, scores and fault.</summary>
    /// <param name="context">All ids of the text so far.</param>
    /// <param name="length">The most ids to propose.</param>
    /// <param name="minimumConfidence">Where to stop early, in [0, 1).</param>
    /// <param name="tokensToScore">
    /// How many of the context's last ids are to be scored, in [0, <see cref="MaxTokensToScore"/>]; all but the first id where the context has
    /// fewer.
    /// </param>
    /// <param name="supposedTokens">How many of the context's last ids are not certain; at least 0, and less than the context has.</param>
    /// <exception cref="ArgumentOutOfRangeException">A value is out of its range.</exception>
    public void Prepare(ReadOnlyMemory<int> context, int length, float minimumConfidence = 0, int tokensToScore = 0, int supposedTokens = 0)
    {
        ArgumentOutOfRangeException.ThrowIfZero(context.Length);
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        if (minimumConfidence is not (>= 0 and < 1))
            throw new ArgumentOutOfRangeException(nameof(minimumConfidence), minimumConfidence, "The minimum confidence must lie in [0, 1).");

        ArgumentOutOfRangeException.ThrowIfNegative(tokensToScore);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(tokensToScore, MaxTokensToScore);
        ArgumentOutOfRangeException.ThrowIfNegative(supposedTokens);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(supposedTokens, context.Length);

        Context = context;
        Length = length;
        MinimumConfidence = minimumConfidence;
        SupposedTokens = supposedTokens;
        Proposal.Clear();
        Fault = null;
        TokensToScore = Math.Min(tokensToScore, context.Length - 1);
        ClearScores();
    }

    /// <summary>
    /// Tells of one committed id whether the draft would have chosen it. Called by the draft, in the order of the text, for the last ids of
    /// <see cref="Context"/>: n calls score the last n ids.
    /// </summary>
    /// <remarks>
    /// A draft that chooses by the request's selector (<see cref="Generation.SequenceOptions.Selector"/>) compares the id with what that
    /// selects at its position, given the ids before it and no others. Then a score says what a proposal made at that place would have been
    /// worth, at the price of reading logits that taking in the text computes.
    /// </remarks>
    /// <param name="agrees">Whether the draft's own choice at this place, after the ids before it, is the id that stands there.</param>
    /// <exception cref="InvalidOperationException">As many ids as asked for have been scored.</exception>
    public void Score(bool agrees)
    {
        if (ScoredTokens >= TokensToScore)
            throw new InvalidOperationException($"No more than {TokensToScore} ids were to be scored.");

        ScoredAgreements |= agrees ? 1UL << ScoredTokens : 0;
        ScoredTokens++;
    }

    /// <summary>Reports that this request, and no other of the batch, got no proposal. Its scores are dropped, as some may be missing.</summary>
    /// <param name="fault">What went wrong.</param>
    public void Fail(Exception fault)
    {
        ArgumentNullException.ThrowIfNull(fault);
        Fault = fault;
        ClearScores();
    }

    private void ClearScores() => (ScoredTokens, ScoredAgreements) = (0, 0);
}
