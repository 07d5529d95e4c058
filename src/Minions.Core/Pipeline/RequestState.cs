using Minions.Core.Diagnostics;
using Minions.Core.Drafting;
using Minions.Core.Generation;
using Minions.Core.Pipeline.PreDrafting;
using Minions.Core.Sampling;
using Minions.Core.Speculation;
using Minions.Core.States;
using Minions.Core.Verification;

namespace Minions.Core.Pipeline;

/// <summary>
/// Everything about one request. It is in exactly one pool, or in the hands of the one stage that took it from there, so nothing in here
/// is locked. The committed ids are the only truth; caches, proposals and text follow from them. Only the drafts' sequences may be in other
/// hands for a while: see <see cref="PreDraftWork"/>.
/// </summary>
internal sealed class RequestState
{
    private readonly TaskCompletionSource<GenerationResult> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly int[] _ids;
    private volatile Exception? _abort;

    public RequestState(RequestSetup setup)
    {
        Setup = setup;
        PromptLength = setup.Prompt.Count;
        Limit = (int)Math.Min((long)PromptLength + setup.Options.MaxOutputTokens, setup.Components.Target.ContextLength);
        _ids = new int[Limit + 1];
        for (int i = 0; i < PromptLength; i++)
            _ids[i] = setup.Prompt[i];
        Committed = PromptLength;

        bool speculates = setup.Speculates && Limit - PromptLength > 1;
        int drafts = speculates ? setup.Components.Drafts.Count : 0;
        SequenceOptions = new SequenceOptions
        {
            Selector = TokenSelector.Create(setup.Options.Sampling, PromptLength),
            BitIdentical = setup.Options.Mode == DecodingMode.BitIdentical,
            ExpectedLength = Limit,
            Properties = setup.Options.Properties,
            CacheKey = setup.Options.CacheKey,
            LogProbabilities = setup.Options.LogProbabilities,
            States = speculates ? setup.Components.StatesRead : null,
            References = setup.Options.ReferenceTexts.Select(reference => reference.Ids).ToArray(),
        };
        Drafts = new RequestDraft[drafts];
        for (int i = 0; i < drafts; i++)
            Drafts[i] = new RequestDraft(setup.Components.Drafts[i], SequenceOptions, setup.Components.Target.VocabularySize, setup.Cancellation) { Condition = i < setup.DraftConditions.Count ? setup.DraftConditions[i] : null };
        Policy = drafts == 0 ? null : setup.OpenPolicy(MinRows, _ids.Length);
        PreDraft = setup.OpenPreDraft(drafts);
        Statistics = new StatisticsRecorder(setup.Components.Drafts.Count, canBeTakenBack: setup.Options.StopSequences.Count > 0);
    }

    public RequestSetup Setup { get; }

    public int PromptLength { get; }

    /// <summary>The number of ids at which the text ends.</summary>
    public int Limit { get; }

    public SequenceOptions SequenceOptions { get; }

    public VerificationRequest? Verification { get; set; }

    /// <summary>What the target computed behind the newest ids, or <see langword="null"/> where no draft reads it.</summary>
    public TargetStates? States { get; private set; }

    /// <summary>What the last verification gave, as long as nothing has come of it yet.</summary>
    public VerificationOutcome? Outcome { get; set; }

    /// <summary>How many of the committed ids the target has run.</summary>
    public int TakenIn { get; set; }

    /// <summary>The rows of the last run that were this request's, fillers included.</summary>
    public int Rows { get; set; }

    /// <summary>The fewest rows that a run takes for this request: in bit-identical mode two, a filler being the second where only one id is new.</summary>
    public int MinRows => SequenceOptions.BitIdentical ? 2 : 1;

    /// <summary>How many ids of the prompt a finished request had run before.</summary>
    public int Reused { get; set; }

    public RequestDraft[] Drafts { get; }

    /// <summary>What decides the request's rounds, or <see langword="null"/> when nothing is speculated.</summary>
    public RequestPolicy? Policy { get; }

    /// <summary>What drafts do while the request is being verified, or <see langword="null"/> when they never do anything.</summary>
    public PreDraftWork? PreDraft { get; }

    public StatisticsRecorder Statistics { get; }

    /// <summary>The number of ids that are certain.</summary>
    public int Committed { get; private set; }

    public int Remaining => Limit - Committed;

    /// <summary>The round at hand, or <see langword="null"/> when nothing is speculated.</summary>
    public SpeculationRound? Round => Policy?.Round;

    /// <summary>The length of the chain that stands behind the committed ids.</summary>
    public int ChainLength => Policy?.Round.ChainLength ?? 0;

    /// <summary>
    /// 1 in a round that drafts nothing whose spare row checks a guess, else 0. It is no chain: no draft proposed it.
    /// </summary>
    public int GuessLength { get; private set; }

    /// <summary>How long the drafts ran for this request in this round, those that failed aside.</summary>
    public TimeSpan TimeOfDrafts
    {
        get
        {
            double seconds = 0;
            foreach (RequestDraft draft in Drafts)
                seconds += draft.Seconds;
            return TimeSpan.FromSeconds(seconds);
        }
    }

    /// <summary>When work on the request began, a time stamp of the injected clock.</summary>
    public required long StartedAt { get; init; }

    public long FirstTokenAt { get; set; }

    public Task<GenerationResult> Completion => _completion.Task;

    public bool IsPrefilled => Committed > PromptLength;

    /// <summary>Why the request has to end early, or <see langword="null"/>.</summary>
    public Exception? Abort =>
        _abort ?? (Setup.Cancellation.IsCancellationRequested ? new OperationCanceledException(Setup.Cancellation) : null);

    public ReadOnlyMemory<int> CommittedIds => _ids.AsMemory(0, Committed);

    /// <summary>The ids that the target runs: the committed ones and the chain, or the guess in its place.</summary>
    public ReadOnlyMemory<int> IdsToVerify => _ids.AsMemory(0, Committed + ChainLength + GuessLength);

    /// <summary>How many of those were put there to be checked.</summary>
    public int IdsInQuestion => ChainLength + GuessLength;

    /// <summary>Where a chain of this round may be written.</summary>
    public Span<int> ChainSpace(int length) => _ids.AsSpan(Committed, length);

    /// <summary>Readies the window of states: the one that a finished request left, as far as its rows are of this text, or a new one.</summary>
    /// <param name="left">What the finished request left, or <see langword="null"/>.</param>
    /// <param name="shared">The ids in front that both texts have.</param>
    public void OpenStates(TargetStates? left, int shared)
    {
        if (SequenceOptions.States is not { } layout)
            return;

        States = left ?? new TargetStates(layout, Setup.PipelineOptions.StateWindow);
        States.Truncate(shared);
        for (int i = 0; i < Drafts.Length; i++)
            Drafts[i].States = Setup.Components.Drafts[i].ReadsStates ? States : null;
    }

    /// <summary>The committed ids and the first ones that were written behind them.</summary>
    public ReadOnlyMemory<int> TextWith(int length) => _ids.AsMemory(0, Committed + length);

    public void Commit(int id) => _ids[Committed++] = id;

    /// <summary>Plans the round behind the committed ids.</summary>
    /// <param name="otherRows">The rows that other requests are expected to put into the same target run.</param>
    /// <param name="otherRequests">How many those are.</param>
    /// <returns>Whether drafts run in it.</returns>
    public bool BeginRound(int otherRows, int otherRequests)
    {
        GuessLength = 0;
        if (Policy is not { } policy)
            return false;

        policy.Plan(CommittedIds.Span, Remaining, otherRows, otherRequests);
        if (policy.Guess is { } guess)
        {
            ChainSpace(1)[0] = guess;
            GuessLength = 1;
        }

        return policy.Round.Plan.Length > 0;
    }

    /// <summary>What a draft is to do in the round at hand. A probe goes no further than one id.</summary>
    public DraftJob JobOf(int draft)
    {
        SpeculationPlan plan = Round!.Plan;
        int length = Round.Running.Contains(draft) ? plan.Length : 1;
        return new DraftJob(draft, Drafts[draft], CommittedIds, length, plan.MinimumConfidence, plan.TokensToScore);
    }

    public void RequestAbort(Exception reason) => _abort = reason;

    public void Succeed(GenerationResult result)
    {
        Release();
        _completion.TrySetResult(result);
    }

    /// <summary>Ends the request with a fault, or with the reason it had to end anyway.</summary>
    public void Fail(Exception fault)
    {
        Release();
        fault = Abort ?? fault;
        if (fault is OperationCanceledException { CancellationToken.IsCancellationRequested: true } cancelled)
            _completion.TrySetCanceled(cancelled.CancellationToken);
        else
            _completion.TrySetException(fault);
    }

    private void Release()
    {
        if (Verification is { } verification)
            UserCode.Guard(Setup.Logger, verification.Sequence.Dispose);
        Verification = null;
        foreach (RequestDraft draft in Drafts)
            UserCode.Guard(Setup.Logger, draft.Dispose);
    }
}
