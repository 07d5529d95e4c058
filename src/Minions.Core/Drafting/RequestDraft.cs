using System.Runtime.ExceptionServices;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Minions.Core.Diagnostics;
using Minions.Core.Generation;
using Minions.Core.States;

namespace Minions.Core.Drafting;

/// <summary>One draft's part in one request: its sequence, its proposal, and its pause after a fault.</summary>
internal sealed class RequestDraft(IDraftModel model, SequenceOptions options, int vocabularySize, CancellationToken cancellation) : IDisposable
{
    private const int LongestPause = 64;

    private static readonly Proposal Nothing = new();

    private IDraftSequence? _sequence;
    private DraftRequest? _request;
    private DraftRequest? _continuation;
    private int _length;
    private int _pause;
    private int _seen;

    public string Name => model.Name;

    /// <summary>What requests to come are told of the draft, or <see langword="null"/> where nobody wants to know.</summary>
    public DraftCondition? Condition { get; init; }

    public int Faults { get; private set; }

    /// <summary>What it proposed in this round; empty when it did not run or failed.</summary>
    public Proposal Proposal { get; private set; } = Nothing;

    /// <summary>How many of this round's committed ids it had not been shown before.</summary>
    public int NewIds { get; private set; }

    /// <summary>How long it ran in this round, in seconds; 0 when it did not.</summary>
    public double Seconds { get; private set; }

    /// <summary>What it drafted behind a chain that was still being verified, or <see langword="null"/> before it ever did.</summary>
    public PreDraftProposal? PreDraft { get; private set; }

    /// <summary>The committed ids that it scored in this round: how many of the last ones, and which of them were its own choice.</summary>
    public (int Count, ulong Agreements) Scores { get; private set; }

    /// <summary>Whether the request is no longer wanted.</summary>
    public bool IsCancelled => cancellation.IsCancellationRequested;

    /// <summary>Whether it answered in this round: it was asked, was not pausing, and did not fail.</summary>
    public bool HasRun { get; private set; }

    /// <summary>What the target computed, for a draft that reads it. Set before the first round.</summary>
    public TargetStates? States { get; set; }

    /// <summary>What its sequences are opened with.</summary>
    public SequenceOptions Options => options;

    /// <summary>Leaves it out.</summary>
    /// <param name="isPreDraft">Of pre-drafting, or of a round.</param>
    public void Skip(bool isPreDraft)
    {
        if (isPreDraft)
            PreDraft?.Stop();
        else
            (Proposal, Seconds, Scores, HasRun) = (Nothing, 0, default, false);
    }

    /// <summary>Whether a round would open a sequence.</summary>
    /// <param name="contextLength">The ids committed so far.</param>
    public bool WantsSequence(int contextLength) => _request is null && _pause == 0 && contextLength < model.ContextLength;

    /// <summary>Readies the draft for a job.</summary>
    /// <returns>What to hand to the model, or <see langword="null"/> when the draft sits this out.</returns>
    public DraftRequest? Prepare(in DraftJob job) => job.IsPreDraft ? PreDraft?.Next() : Prepare(job.Context, job.Length, job.StopBelow, job.TokensToScore);

    private DraftRequest? Prepare(ReadOnlyMemory<int> context, int length, float minimumConfidence, int tokensToScore)
    {
        Skip(isPreDraft: false);
        if (_pause > 0)
        {
            _pause--;
            return null;
        }

        // A draft with a shorter context than the target leaves the vote where its own ends; a head begins anew with the states that are kept.
        _length = model.ReadsStates ? length : Math.Min(length, model.ContextLength - context.Length);
        if (_length <= 0)
            return null;

        if (_request is null)
        {
            _sequence = model.OpenSequence(options);
            _request = Request(_sequence);
        }

        NewIds = context.Length - _seen;
        if (States is { } states)
            NewIds = Math.Min(NewIds, states.End - states.Start);
        _seen = context.Length;
        PreDraft?.Fit(context.Span, _length, minimumConfidence);
        if (PreDraft is { Taken: > 0 })
            PreDraft.Continue(_request, context, _length);
        else
            _request.Prepare(context, _length, minimumConfidence, tokensToScore);
        return _request;
    }

    /// <summary>Books the time that the model ran for a job.</summary>
    public void RecordTime(double seconds, bool isPreDraft)
    {
        if (isPreDraft)
            PreDraft?.Charge(seconds);
        else
            Seconds = seconds + (PreDraft?.TakenSeconds ?? 0);
    }

    /// <summary>Takes over what the model answered, without what the target could not run.</summary>
    public void Accept(bool isPreDraft)
    {
        if (Condition is { } condition)
            condition.IsLost = false;
        if (isPreDraft)
        {
            PreDraft?.Accept();
            return;
        }

        HasRun = true;
        Proposal = _request!.Proposal;
        Scores = (_request.ScoredTokens, _request.ScoredAgreements);
        PreDraft?.Complete(Proposal);
        Proposal.Trim(_length, vocabularySize);
    }

    /// <summary>Proposes what was pre-drafted, if it is all that a round asks for.</summary>
    /// <returns>Whether the draft need not run; otherwise nothing has changed.</returns>
    public bool TryProposePreDrafted(in DraftJob job)
    {
        PreDraft?.Fit(job.Context.Span, Math.Min(job.Length, model.ContextLength - job.Context.Length), job.StopBelow);
        if (PreDraft is not { IsWhole: true } || Prepare(job) is null)
            return false;

        RecordTime(0, isPreDraft: false);
        Accept(isPreDraft: false);
        return true;
    }

    /// <summary>Readies the draft to go on behind a chain that is being verified.</summary>
    /// <param name="text">The committed ids and the chain.</param>
    /// <param name="supposed">The ids of the chain.</param>
    /// <param name="length">The most ids that the next round will have it propose, at least 1.</param>
    /// <param name="minimumConfidence">Where it will probably stop early then.</param>
    /// <returns><see langword="false"/> when the draft has no part in that.</returns>
    public bool BeginPreDraft(ReadOnlySpan<int> text, int supposed, int length, float minimumConfidence)
    {
        // The first id is a guess at the one that the target adds to the chain; the draft's own context has to hold both.
        int steps = Math.Min(length + 1, model.ContextLength - text.Length);
        if (!model.SupportsPreDrafting || model.ReadsStates || _sequence is null || _pause > 0 || steps < 2)
            return false;

        PreDraft ??= new PreDraftProposal(Request(_sequence), vocabularySize, options.ExpectedLength);
        PreDraft.Begin(text, supposed, steps, minimumConfidence);
        return true;
    }

    /// <summary>Asks the draft once more in a round in which it ran, to go on behind the voted chain.</summary>
    /// <param name="text">The committed ids and the chain.</param>
    /// <param name="supposed">The ids of the chain.</param>
    /// <param name="length">The most ids to add.</param>
    /// <param name="minimumConfidence">Where to stop early.</param>
    /// <param name="shutdown">Passed to the draft.</param>
    /// <returns>What it adds, until it is asked again; empty where it knows nothing, or its context is full.</returns>
    /// <exception cref="Exception">Whatever the draft threw or reported.</exception>
    public Proposal Continue(ReadOnlyMemory<int> text, int supposed, int length, float minimumConfidence, CancellationToken shutdown)
    {
        length = Math.Min(length, model.ContextLength - text.Length);
        if (_sequence is null || length <= 0)
            return Nothing;

        // The round's own request holds the proposal that was voted on.
        DraftRequest request = _continuation ??= Request(_sequence);
        request.Prepare(text, length, minimumConfidence, supposedTokens: supposed);
        model.Propose(new ReadOnlySpan<DraftRequest>(in request), shutdown);
        if (request.Fault is { } fault)
            ExceptionDispatchInfo.Throw(fault);
        request.Proposal.Trim(length, vocabularySize);
        return request.Proposal;
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
        (_sequence, _request, _continuation, PreDraft, Proposal) = (null, null, null, null, Nothing);
        return released;
    }

    /// <summary>Books a fault and reports it. A sequence may fail to close, and a logger to log: neither may take the thread along.</summary>
    public void RecordFault(Exception fault, ILogger logger)
    {
        UserCode.Guard(logger, RecordFault);
        UserCode.Guard(NullLogger.Instance, () => LogMessages.DraftFailed(logger, Name, Faults, fault));
    }

    /// <summary>Leaves the draft out of this vote and of some later ones, twice as many each time; then it starts over with a fresh sequence.</summary>
    public void RecordFault()
    {
        if (Condition is { } condition)
            condition.IsLost = true;
        Proposal = Nothing;
        _seen = 0;
        _pause = Math.Min(1 << Math.Min(Faults, 30), LongestPause);
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
        (_sequence, _request, _continuation, PreDraft, Proposal) = (null, null, null, null, Nothing);
        sequence?.Dispose();
    }

    private DraftRequest Request(IDraftSequence sequence) => new(sequence) { Cancellation = cancellation, States = States };
}
