using Minions.Core.Generation;
using Minions.Core.States;

namespace Minions.Core.Verification;

/// <summary>
/// One sequence's part of a verification: the ids it builds on, how many of the last are a guess, and the place where the target's
/// choices are recorded. The pipeline makes one for each request and reuses it every round.
/// </summary>
/// <remarks>Used by one thread at a time.</remarks>
public sealed class VerificationRequest
{
    private readonly SequenceOptions _options;
    private readonly List<TokenLogProbabilities> _logProbabilities = [];
    private int[] _choices = new int[17];
    private bool _isSettled;

    /// <summary>Makes the request of one sequence.</summary>
    /// <param name="sequence">What the verifier opened.</param>
    /// <param name="options">The options it was opened with.</param>
    public VerificationRequest(ITargetSequence sequence, SequenceOptions options)
    {
        ArgumentNullException.ThrowIfNull(sequence);
        ArgumentNullException.ThrowIfNull(options);
        Sequence = sequence;
        _options = options;
    }

    /// <summary>The target's private state for this request.</summary>
    public ITargetSequence Sequence { get; }

    /// <summary>All ids of the text so far, the guessed chain last.</summary>
    public ReadOnlyMemory<int> Ids { get; private set; }

    /// <summary>
    /// How many of the last ids need their logits: one more than the chain has ids (the id before the chain predicts the chain's first),
    /// or 0 when the ids are only to be taken in.
    /// </summary>
    public int RowsWanted { get; private set; }

    /// <summary>
    /// How many ids of the text are known, at least as many as <see cref="Ids"/> has: more while a prompt is taken in piece by piece. A verifier whose
    /// results depend on how long the whole text is can heed it.
    /// </summary>
    public int KnownLength { get; private set; }

    /// <summary>Signalled when this request is no longer wanted; a verifier looks between two runs, not within one.</summary>
    public CancellationToken Cancellation { get; set; }

    /// <summary>
    /// Where the verifier writes its states of the rows it runs (<see cref="TargetStates.Write"/>), those that it runs once more included; or
    /// <see langword="null"/>, the default, where nobody reads any. Its layout is the verifier's own (<see cref="ITargetVerifier.States"/>).
    /// </summary>
    public TargetStates? States { get; init; }

    /// <summary>The target's choices of this round, from the first position that was asked for.</summary>
    public ReadOnlySpan<int> Choices => _choices.AsSpan(0, ChoiceCount);

    /// <summary>How likely the target held each of <see cref="Choices"/>; empty where the request does not ask for it (<see cref="SequenceOptions.LogProbabilities"/>).</summary>
    public IReadOnlyList<TokenLogProbabilities> LogProbabilities => _logProbabilities;

    /// <summary>The number of choices recorded so far.</summary>
    public int ChoiceCount { get; private set; }

    /// <summary>What went wrong with this request in this round, or <see langword="null"/>.</summary>
    public Exception? Fault { get; private set; }

    /// <summary>Prepares a round.</summary>
    /// <param name="ids">All ids, the chain last.</param>
    /// <param name="rowsWanted">The number of choices to make: chain length + 1, or 0.</param>
    /// <param name="knownLength">How many ids of the text are known; default: these.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="rowsWanted"/> is negative or exceeds the ids.</exception>
    public void Prepare(ReadOnlyMemory<int> ids, int rowsWanted, int knownLength = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(rowsWanted);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(rowsWanted, ids.Length);
        Ids = ids;
        RowsWanted = rowsWanted;
        KnownLength = Math.Max(knownLength, ids.Length);
        ChoiceCount = 0;
        _logProbabilities.Clear();
        _isSettled = rowsWanted == 0;
        Fault = null;
        if (_choices.Length < rowsWanted)
            _choices = new int[rowsWanted];
    }

    /// <summary>
    /// Takes the next row of logits, in order of position, and records the target's choice. The prefix of the choice is made of the ids
    /// before it, so every row is judged with exactly the text it would have in plain decoding.
    /// </summary>
    /// <param name="logits">One logit for each id of the vocabulary.</param>
    /// <returns>
    /// <see langword="true"/> when the choice equals the chain's id and the next row is wanted; <see langword="false"/> when this was the
    /// last row of use, which it also is when a logits processor of the user failed: that is reported as the request's <see cref="Fault"/>.
    /// </returns>
    /// <exception cref="InvalidOperationException">No row is wanted any more.</exception>
    public bool Choose(ReadOnlySpan<float> logits)
    {
        if (_isSettled)
            throw new InvalidOperationException($"The verifier offered a row of logits, but after {ChoiceCount} of {RowsWanted} no further row is of use: stop when Choose returns false.");

        int position = Ids.Length - RowsWanted + 1 + ChoiceCount;
        int choice;
        try
        {
            choice = _options.Selector.Select(position, Ids.Span[..position], logits);
        }
        catch (LogitsProcessorException fault)
        {
            // The user's processor concerns this request alone; a verifier need not guard the others of its batch against it.
            _isSettled = true;
            Fail(fault);
            return false;
        }

        if (_options.LogProbabilities is { } likeliest)
            _logProbabilities.Add(RowLogProbabilities.Of(logits, choice, likeliest));
        _choices[ChoiceCount++] = choice;
        _isSettled = ChoiceCount == RowsWanted || Ids.Span[position] != choice;
        return !_isSettled;
    }

    /// <summary>Reports that this request, and no other of the batch, failed.</summary>
    /// <param name="fault">What went wrong.</param>
    public void Fail(Exception fault)
    {
        ArgumentNullException.ThrowIfNull(fault);
        Fault = fault;
    }
}
