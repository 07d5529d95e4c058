using Minions.Core.Diagnostics;
using Minions.Core.Drafting;
using Minions.Core.Drafting.Ahead;
using Minions.Core.Drafting.Economy;
using Minions.Core.Drafting.Ngram;
using Minions.Core.Generation;
using Minions.Core.Sampling;
using Minions.Core.SpeculationLength;
using Minions.Core.Verification;
using Minions.Core.Voting;

namespace Minions.Core.Pipeline;

/// <summary>
/// Everything about one request. It is in exactly one pool, or in the hands of the one stage that took it from there, so nothing in here
/// is locked. The committed ids are the only truth; caches, proposals and text follow from them. Only the drafts' sequences may be in other
/// hands for a while: see <see cref="AheadWork"/>.
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

        bool speculates = setup.Options.Speculate && Limit - PromptLength > 1;
        int drafts = speculates ? setup.Components.Drafts.Count : 0;
        SequenceOptions = new SequenceOptions
        {
            Selector = TokenSelector.Create(setup.Options.Sampling, PromptLength),
            BitIdentical = setup.Options.Mode == DecodingMode.BitIdentical,
            ExpectedLength = Limit,
            Properties = setup.Options.Properties,
            CacheKey = setup.Options.CacheKey,
        };
        Members = new DraftMember[drafts];
        for (int i = 0; i < drafts; i++)
            Members[i] = new DraftMember(setup.Components.Drafts[i], SequenceOptions, setup.Components.Target.VocabularySize, setup.Cancellation);
        Proposals = new Proposal[drafts];
        Agreement = new int[drafts];
        Score = new RoundScore(drafts);
        Weights = setup.OpenWeights(drafts);
        Panel = setup.OpenPanel(drafts);
        Ahead = setup.OpenAhead(drafts);
        Planner = drafts == 0 ? null : setup.OpenPlanner();

        // Whoever asks for chains of no id at most wants the target alone.
        Filler = drafts > 0 && LeastRows > 1 && setup.Limits.Maximum > 0 ? new FillerGuess(_ids.Length, setup.Learnt.Guesses) : null;
        Statistics = new StatisticsRecorder(setup.Components.Drafts.Count);
    }

    public RequestSetup Setup { get; }

    public int PromptLength { get; }

    /// <summary>The number of ids at which the text ends.</summary>
    public int Limit { get; }

    public SequenceOptions SequenceOptions { get; }

    public VerificationRequest? Verification { get; set; }

    /// <summary>What the last verification gave, as long as nothing has come of it yet.</summary>
    public VerificationOutcome? Outcome { get; set; }

    /// <summary>How many of the committed ids the target has run.</summary>
    public int TakenIn { get; set; }

    /// <summary>The rows of the last run that were this request's, fillers included.</summary>
    public int Rows { get; set; }

    /// <summary>The fewest rows that a run takes for this request: in bit-identical mode two, a filler being the second where only one id is new.</summary>
    public int LeastRows => SequenceOptions.BitIdentical ? 2 : 1;

    /// <summary>How many ids of the prompt a finished request had run before.</summary>
    public int Reused { get; set; }

    public DraftMember[] Members { get; }

    public IDraftWeights Weights { get; }

    /// <summary>How the drafts' own proposals met the text in the last round.</summary>
    public RoundScore Score { get; }

    /// <summary>What decides which drafts run, or <see langword="null"/> when all do.</summary>
    public RequestPanel? Panel { get; }

    /// <summary>What drafts do while the request is being verified, or <see langword="null"/> when they never do anything.</summary>
    public AheadWork? Ahead { get; }

    public ISpeculationLengthPlanner? Planner { get; }

    /// <summary>What guesses an id where a run has a row to spare, or <see langword="null"/> when none may.</summary>
    public FillerGuess? Filler { get; }

    public StatisticsRecorder Statistics { get; }

    /// <summary>The number of ids that are certain.</summary>
    public int Committed { get; private set; }

    public int Remaining => Limit - Committed;

    public SpeculationPlan Plan { get; private set; }

    /// <summary>The drafts that run in this round, one bit each.</summary>
    public ulong Running { get; set; }

    /// <summary>The length of the chain that stands behind the committed ids.</summary>
    public int ChainLength { get; set; }

    /// <summary>1 in a round that drafts nothing whose spare row checks a guess, else 0. It is no chain: no draft proposed it.</summary>
    public int GuessLength { get; private set; }

    /// <summary>The chance that this round's guess is right.</summary>
    public double GuessChance { get; private set; }

    /// <summary>The length of the round's longest proposal.</summary>
    public int ProposedLength { get; set; }

    /// <summary>What each draft proposed in this round, empty where it did not run; meaningless in a round of length 0.</summary>
    public Proposal[] Proposals { get; }

    /// <summary>For each draft, how many ids of the chain its proposal begins with.</summary>
    public int[] Agreement { get; }

    /// <summary>How long the drafts ran for this request in this round, those that failed aside.</summary>
    public TimeSpan TimeOfDrafts
    {
        get
        {
            double seconds = 0;
            foreach (DraftMember member in Members)
                seconds += member.Seconds;
            return TimeSpan.FromSeconds(seconds);
        }
    }

    /// <summary>What drafting took in this round.</summary>
    public DraftRun Drafted { get; set; } = DraftRun.None;

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

    public void Commit(int id) => _ids[Committed++] = id;

    /// <summary>Begins the round behind the committed ids. What of the last one is still told goes.</summary>
    public void BeginRound(in SpeculationPlan plan)
    {
        Plan = plan;
        ChainLength = ProposedLength = GuessLength = 0;
        Drafted = DraftRun.None;
    }

    /// <summary>Guesses what follows the committed ids.</summary>
    /// <returns>The chance that a round that drafts nothing adds a second id by it.</returns>
    public double Guess()
    {
        Filler?.Guess(CommittedIds.Span);
        return GuessChance = Remaining > 1 && Filler is { } filler ? filler.Probability : 0;
    }

    /// <summary>Puts the guess behind the text of a round that drafts nothing, if there is one and it leaves room for an id of the target's own.</summary>
    public void PlaceGuess()
    {
        if (Remaining > 1 && Filler?.Id is { } guess)
        {
            ChainSpace(1)[0] = guess;
            GuessLength = 1;
        }
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
        foreach (DraftMember member in Members)
            UserCode.Guard(Setup.Logger, member.Dispose);
    }
}
