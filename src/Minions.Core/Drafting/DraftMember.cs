using Minions.Core.Drafting.Ahead;
using Minions.Core.Generation;

namespace Minions.Core.Drafting;

/// <summary>One draft's part in one request: its sequence, its proposal, and its rest after a fault.</summary>
internal sealed class DraftMember(IDraftModel model, SequenceOptions options, int vocabularySize, CancellationToken cancellation) : IDisposable
{
    private const int LongestRest = 64;

    private static readonly Proposal Nothing = new();

    private IDraftSequence? _sequence;
    private DraftRequest? _request;
    private int _length;
    private int _rest;
    private int _seen;

    public string Name => model.Name;

    public int Faults { get; private set; }

    /// <summary>What it proposed in this round; empty when it did not run or failed.</summary>
    public Proposal Proposal { get; private set; } = Nothing;

    /// <summary>How many of this round's committed ids it had not been shown before.</summary>
    public int NewIds { get; private set; }

    /// <summary>How long it ran in this round, in seconds; 0 when it did not.</summary>
    public double Seconds { get; private set; }

    /// <summary>What it drafted behind a chain that was still being verified, or <see langword="null"/> before it ever did.</summary>
    public AheadProposal? Ahead { get; private set; }

    /// <summary>How likely it held the last ids of the text; empty in rounds that did not ask, and where it does not tell.</summary>
    public TextFit Fit { get; private set; }

    /// <summary>Leaves it out of a round.</summary>
    public void Rest() => (Proposal, Seconds, Fit) = (Nothing, 0, default);

    /// <summary>Whether <see cref="Prepare"/> would open a sequence.</summary>
    /// <param name="contextLength">The ids committed so far.</param>
    public bool WantsSequence(int contextLength) => _request is null && _rest == 0 && contextLength < model.ContextLength;

    /// <summary>Readies the member for a round.</summary>
    /// <param name="context">The committed ids.</param>
    /// <param name="length">The most ids to propose.</param>
    /// <param name="minimumConfidence">Where to stop early.</param>
    /// <param name="judges">Whether it is to tell how likely it held the last ids of the context.</param>
    /// <returns>What to hand to the model, or <see langword="null"/> when the draft sits this round out.</returns>
    public DraftRequest? Prepare(ReadOnlyMemory<int> context, int length, float minimumConfidence, bool judges = false)
    {
        Rest();
        if (_rest > 0)
        {
            _rest--;
            return null;
        }

        // A draft with a shorter context than the target leaves the vote where its own ends.
        _length = Math.Min(length, model.ContextLength - context.Length);
        if (_length <= 0)
            return null;

        if (_request is null)
        {
            _sequence = model.OpenSequence(options);
            _request = Request(_sequence);
        }

        NewIds = context.Length - _seen;
        _seen = context.Length;
        Ahead?.Fit(context.Span, _length, minimumConfidence);
        if (Ahead is { Taken: > 0 })
            Ahead.Continue(_request, context, _length);
        else
            _request.Prepare(context, _length, minimumConfidence, judges ? TextFit.MostIds : 0);
        return _request;
    }

    /// <summary>Books the time that the model ran in this round.</summary>
    public void Charge(double seconds) => Seconds = seconds + (Ahead?.TakenSeconds ?? 0);

    /// <summary>Takes the proposal over after the model ran, without what the target could not run.</summary>
    public void Accept()
    {
        Proposal = _request!.Proposal;
        Fit = new TextFit(_request.ScoredTokens, _request.ScoredProbability);
        Ahead?.Complete(Proposal);
        Proposal.Trim(_length, vocabularySize);
    }

    /// <summary>Proposes what was drafted ahead, if it is all that a round asks for.</summary>
    /// <returns>Whether the draft need not run; otherwise nothing has changed.</returns>
    /// <inheritdoc cref="Prepare" path="/param"/>
    public bool TryProposeAhead(ReadOnlyMemory<int> context, int length, float minimumConfidence)
    {
        Ahead?.Fit(context.Span, Math.Min(length, model.ContextLength - context.Length), minimumConfidence);
        if (Ahead is not { IsWhole: true } || Prepare(context, length, minimumConfidence) is null)
            return false;

        Charge(0);
        Accept();
        return true;
    }

    /// <summary>Readies the member to go on behind a chain that is being verified.</summary>
    /// <param name="text">The committed ids and the chain.</param>
    /// <param name="length">The most ids that the next round will have it propose, at least 1.</param>
    /// <param name="minimumConfidence">Where it will probably stop early then.</param>
    /// <returns><see langword="false"/> when the draft has no part in that.</returns>
    public bool BeginAhead(ReadOnlySpan<int> text, int length, float minimumConfidence)
    {
        // The first id is a guess at the one that the target adds to the chain; the draft's own context has to hold both.
        int steps = Math.Min(length + 1, model.ContextLength - text.Length);
        if (!model.CanDraftAhead || _sequence is null || _rest > 0 || steps < 2)
            return false;

        Ahead ??= new AheadProposal(Request(_sequence), vocabularySize);
        Ahead.Begin(text, steps, minimumConfidence);
        return true;
    }

    /// <summary>Takes over the sequence that a finished request left, which has been reopened for this one.</summary>
    /// <param name="sequence">The sequence.</param>
    /// <param name="held">The ids of this request that it has seen.</param>
    public void Adopt(IDraftSequence sequence, int held)
    {
        (_sequence, _seen) = (sequence, held);
        _request = Request(sequence);
    }

    /// <summary>Gives up the sequence when it can serve another request; else it stays to be disposed.</summary>
    public IDraftSequence? Release()
    {
        if (_sequence is not IReusableSequence)
            return null;

        IDraftSequence released = _sequence;
        (_sequence, _request, Ahead, Proposal) = (null, null, null, Nothing);
        return released;
    }

    /// <summary>Leaves the draft out of this vote and of some later ones, twice as many each time; then it starts over with a fresh sequence.</summary>
    public void RecordFault()
    {
        Proposal = Nothing;
        _seen = 0;
        _rest = Math.Min(1 << Math.Min(Faults, 30), LongestRest);
        Faults++;
        Dispose();
    }

    /// <summary>Leaves the sequence to a call that has not returned, which counts as a fault.</summary>
    public void Abandon()
    {
        _sequence = null;
        RecordFault();
    }

    public void Dispose()
    {
        IDraftSequence? sequence = _sequence;
        (_sequence, _request, Ahead, Proposal) = (null, null, null, Nothing);
        sequence?.Dispose();
    }

    private DraftRequest Request(IDraftSequence sequence) => new(sequence) { Cancellation = cancellation };
}
