namespace Minions.Core.Drafting;

/// <summary>One sequence's part of a drafting round: what to continue, how far, and the place for the proposal.</summary>
/// <remarks>
/// The pipeline makes one for each request and draft and reuses it every round; drafting ahead has another one over the same sequence. Used by
/// one thread at a time.
/// </remarks>
public sealed class DraftRequest
{
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
    /// All ids of the text so far; the proposal continues the last one. Where a draft is asked ahead (<see cref="IDraftModel.CanDraftAhead"/>),
    /// some of the last are not certain yet.
    /// </summary>
    public ReadOnlyMemory<int> Context { get; private set; }

    /// <summary>The most ids to propose.</summary>
    public int Length { get; private set; }

    /// <summary>
    /// Where to stop early: once the product of the proposed ids' probabilities, the last one's included, is below this, the next id is
    /// unlikely to pay. In [0, 1); 0 never stops.
    /// </summary>
    public float MinimumConfidence { get; private set; }

    /// <summary>Signalled when this request is no longer wanted; a draft looks between two runs, not within one.</summary>
    public CancellationToken Cancellation { get; set; }

    /// <summary>Receives the proposal.</summary>
    public Proposal Proposal { get; } = new();

    /// <summary>What went wrong with this request in this round, or <see langword="null"/>.</summary>
    public Exception? Fault { get; private set; }

    /// <summary>How many of the context's last ids it is worth knowing the probabilities of; a draft that cannot tell leaves them out.</summary>
    internal int IdsToJudge { get; set; }

    /// <summary>How likely the draft held them.</summary>
    internal TextFit Fit { get; private set; }

    /// <summary>Prepares a round: clears proposal and fault.</summary>
    /// <param name="context">All ids of the text so far.</param>
    /// <param name="length">The most ids to propose.</param>
    /// <param name="minimumConfidence">Where to stop early, in [0, 1).</param>
    /// <exception cref="ArgumentOutOfRangeException">A value is out of its range.</exception>
    public void Prepare(ReadOnlyMemory<int> context, int length, float minimumConfidence = 0)
    {
        ArgumentOutOfRangeException.ThrowIfZero(context.Length);
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        if (minimumConfidence is not (>= 0 and < 1))
            throw new ArgumentOutOfRangeException(nameof(minimumConfidence), minimumConfidence, "The minimum confidence must lie in [0, 1).");

        Context = context;
        Length = length;
        MinimumConfidence = minimumConfidence;
        Proposal.Clear();
        Fault = null;
        Fit = default;
    }

    /// <summary>Tells how likely the draft held one of <see cref="IdsToJudge"/>.</summary>
    internal void Judge(float probability)
    {
        TextFit fit = Fit;
        fit.Add(probability);
        Fit = fit;
    }

    /// <summary>Reports that this request, and no other of the batch, got no proposal.</summary>
    /// <param name="fault">What went wrong.</param>
    public void Fail(Exception fault)
    {
        ArgumentNullException.ThrowIfNull(fault);
        Fault = fault;
    }
}
