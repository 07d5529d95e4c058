namespace Minions.Core.Drafting;

/// <summary>
/// What one draft guesses behind a chain while the target checks it: first the id that the target will add to the chain, then what follows.
/// It serves the next round when that guess was right, for a draft's ids depend only on those before them. Reused from round to round;
/// used by one thread at a time.
/// </summary>
/// <param name="request">Asks the draft, over the sequence that rounds use too.</param>
/// <param name="vocabularySize">The number of ids that the target knows.</param>
/// <param name="expectedLength">The most ids that the text can come to hold, 0 when unknown.</param>
internal sealed class PreDraftProposal(DraftRequest request, int vocabularySize, int expectedLength)
{
    // A draft that is asked to go on must not stop before the whole proposal would have; where that is decides the product over all of it.
    private const float Rounding = 1 - 1e-6f;

    private readonly Proposal _drafted = new();
    private int[] _ids = new int[expectedLength];
    private int _start;
    private int _supposed;
    private int _steps;
    private float _minimumConfidence;
    private float _confidence;
    private double _seconds;
    private bool _isComplete;
    private bool _hasStopped;
    private int _from;
    private float _stopBelow;
    private float _minimumOfRest;

    /// <summary>Whether another step is of use.</summary>
    public bool WantsMore => !_hasStopped;

    /// <summary>How many ids the last <see cref="Fit"/> found for its round.</summary>
    public int Taken { get; private set; }

    /// <summary>Whether these are all that the draft would propose.</summary>
    public bool IsWhole { get; private set; }

    /// <summary>How long it took to draft them, in seconds.</summary>
    public double TakenSeconds => Taken == 0 ? 0 : _seconds * Taken / _drafted.Count;

    /// <summary>Starts behind another chain.</summary>
    /// <param name="text">The committed ids and the chain.</param>
    /// <param name="supposed">The ids of the chain.</param>
    /// <param name="steps">The most ids to draft.</param>
    /// <param name="minimumConfidence">Where the next round will probably have its draft stop early.</param>
    public void Begin(ReadOnlySpan<int> text, int supposed, int steps, float minimumConfidence)
    {
        int needed = text.Length + steps;
        if (needed > _ids.Length)
            _ids = new int[Math.Max(needed, _ids.Length * 2)];
        text.CopyTo(_ids);
        (_start, _supposed, _steps, _minimumConfidence) = (text.Length, supposed, steps, minimumConfidence);
        (_confidence, _seconds) = (1, 0);
        _isComplete = _hasStopped = false;
        _drafted.Clear();
    }

    /// <summary>What to ask the draft for the next id.</summary>
    public DraftRequest Next()
    {
        // A run that fails or is cancelled answers nothing, and is not to be tried again.
        Stop();
        request.Prepare(_ids.AsMemory(0, _start + _drafted.Count), 1, supposedTokens: _supposed + _drafted.Count);
        return request;
    }

    /// <summary>Ends it where it is.</summary>
    public void Stop() => _hasStopped = true;

    public void Charge(double seconds) => _seconds += seconds;

    /// <summary>Takes the id over.</summary>
    public void Accept()
    {
        Proposal next = request.Proposal;
        next.Trim(1, vocabularySize);
        if (next.Count == 0)
        {
            _isComplete = true;
            return;
        }

        // The round that comes does not look at the probability of the id before it.
        if (_drafted.Count > 0)
            _confidence *= next.Probabilities[0];
        _ids[_start + _drafted.Count] = next.Tokens[0];
        _drafted.Add(next.Tokens[0], next.Probabilities[0]);
        _hasStopped = _drafted.Count == _steps || _confidence < _minimumConfidence;
    }

    /// <summary>Finds out what of it is a proposal for a round.</summary>
    /// <param name="context">The committed ids of the round.</param>
    /// <param name="length">The most ids to propose.</param>
    /// <param name="minimumConfidence">Where to stop early.</param>
    public void Fit(ReadOnlySpan<int> context, int length, float minimumConfidence)
    {
        (Taken, IsWhole, _stopBelow) = (0, false, minimumConfidence);
        _from = context.Length - _start;
        if (_from <= 0 || _from > _drafted.Count || !context.SequenceEqual(_ids.AsSpan(0, context.Length)))
            return;

        ReadOnlySpan<float> probabilities = _drafted.Probabilities[_from..];
        float confidence = 1;
        while (Taken < probabilities.Length && Taken < length && !IsWhole)
        {
            confidence *= probabilities[Taken++];
            IsWhole = confidence < minimumConfidence;
        }

        IsWhole |= Taken == length || (_isComplete && Taken == probabilities.Length);
        _minimumOfRest = minimumConfidence == 0 || float.IsNaN(confidence) ? 0 : Math.Min(minimumConfidence / confidence, 1) * Rounding;
    }

    /// <summary>Has the round's draft go on where the ids found for it end.</summary>
    /// <param name="round">The draft's request.</param>
    /// <param name="context">The committed ids of the round.</param>
    /// <param name="length">The most ids to propose, those found included.</param>
    public void Continue(DraftRequest round, ReadOnlyMemory<int> context, int length) =>
        round.Prepare(_ids.AsMemory(0, context.Length + Taken), length - Taken, _minimumOfRest, supposedTokens: Taken);

    /// <summary>Puts the ids found for the round before those that were drafted in it.</summary>
    public void Complete(Proposal proposal)
    {
        if (Taken == 0)
            return;

        proposal.Prepend(_drafted, _from, Taken);
        proposal.StopBelow(_stopBelow);
    }
}
