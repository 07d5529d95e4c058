using Minions.Core.Drafting;
using Minions.Core.Drafting.Ngram;
using Minions.Core.Speculation.Goodput;
using Minions.Core.Voting;

namespace Minions.Core.Speculation;

/// <summary>
/// One request's side of speculation, in the order of a round: <see cref="Plan"/>, then drafts run as planned, <see cref="Vote"/>,
/// <see cref="Extend"/> where a draft goes on, <see cref="Shorten()"/>, then the target runs what <see cref="CutTo"/> leaves, <see cref="Observe"/>. The pipeline, replays and simulations all drive rounds by it. Used by one thread at a time.
/// </summary>
internal sealed class RequestPolicy
{
    private static readonly Proposal Nothing = new();

    private readonly PolicyKnowledge _knowledge;
    private readonly SpeculationLimits _limits;
    private readonly ISpeculationLengthPlanner _planner;
    private readonly IDraftWeights _weights;
    private readonly PaddingRowGuess? _guess;
    private readonly Proposal[] _proposals;
    private readonly Proposal[] _ballot;
    private readonly int[] _agreement;
    private readonly RoundScore _score;
    private readonly ChainEvidence _evidence = new();
    private readonly double[] _survival = new double[Generation.GenerationOptions.MaximumSpeculationLength];
    private readonly int _minRows;
    private SpeculationPlanner? _selector;
    private int _extender = -1;
    private Proposal _extension = Nothing;

    /// <summary>Opens the policy of a request.</summary>
    /// <param name="knowledge">The pipeline's.</param>
    /// <param name="minimum">The least length of a round.</param>
    /// <param name="maximum">The greatest, at least 1: where it is 0 the target is alone, and nothing is planned.</param>
    /// <param name="isFixed">Whether the request asks for a length of its own.</param>
    /// <param name="minRows">The fewest rows that a target run takes for the request.</param>
    /// <param name="capacity">The most ids that the text comes to have.</param>
    public RequestPolicy(PolicyKnowledge knowledge, int minimum, int maximum, bool isFixed, int minRows, int capacity)
    {
        (_knowledge, _minRows) = (knowledge, minRows);
        int drafts = knowledge.Drafts;
        _limits = knowledge.Limits(minimum, maximum);
        _planner = (isFixed ? new FixedSpeculationLength(maximum) : knowledge.Controller).OpenRequest(_limits)
            ?? throw new InvalidOperationException($"Controller {knowledge.Controller.GetType().Name} opened null instead of a planner.");
        _weights = knowledge.OpenWeights();
        _proposals = new Proposal[drafts];
        _ballot = new Proposal[drafts];
        Array.Fill(_proposals, Nothing);
        _agreement = new int[drafts];
        _score = new RoundScore(drafts);
        Round = new SpeculationRound(drafts);
        _guess = minRows > 1 ? new PaddingRowGuess(capacity, knowledge.Guesses) : null;
    }

    public SpeculationRound Round { get; }

    /// <summary>For each draft, how many ids of the voted chain its proposal begins with.</summary>
    public ReadOnlySpan<int> Agreement => _agreement;

    public ReadOnlySpan<double> Weights => _weights.Values;

    /// <summary>The id that a round without drafts checks in the row that its run has anyway, or <see langword="null"/> when there is none.</summary>
    public int? Guess { get; private set; }

    /// <summary>How many ids a draft may add behind the voted chain; none where nothing was voted, for such drafts were asked there already.</summary>
    public int Room => Round.VotedLength == 0 ? 0 : Math.Max(0, Round.Plan.MaxChainLength - Round.VotedLength);

    /// <summary>How likely each id of the chain is accepted, the ids before it included; empty when the planner does not predict.</summary>
    public ReadOnlySpan<double> Survival => _survival.AsSpan(0, Predicted);

    private int Predicted { get; set; }

    /// <summary>Decides which drafts run in the next round, how far, and where they stop.</summary>
    /// <param name="text">The committed ids.</param>
    /// <param name="remaining">The ids that may still be committed, at least 1.</param>
    /// <param name="otherRows">The rows that other requests are expected to put into the same target run.</param>
    /// <param name="otherRequests">How many those are.</param>
    /// <exception cref="InvalidOperationException">A controller planned what cannot be.</exception>
    public void Plan(ReadOnlySpan<int> text, int remaining, int otherRows, int otherRequests)
    {
        _guess?.Guess(text);
        var outlook = new RoundOutlook
        {
            ContextLength = text.Length,
            Remaining = remaining,
            Drafts = DraftSet.First(_knowledge.Drafts),
            OtherRows = otherRows,
            OtherRequests = otherRequests,
            MinRows = _minRows,
            ExpectedPlainTokens = 1 + (remaining > 1 && _guess is { } guess ? guess.Probability : 0),
        };
        SpeculationPlan plan = Settle(_planner.Plan(outlook), outlook);
        Round.Begin(plan, text.Length);
        Predicted = 0;
        Guess = plan.Length == 0 && remaining > 1 ? _guess?.Id : null;
    }

    /// <summary>Takes a draft's proposal, which must not change before the next round.</summary>
    /// <param name="draft">Its place.</param>
    /// <param name="proposal">The proposal; empty when it failed.</param>
    public void Propose(int draft, Proposal proposal)
    {
        _proposals[draft] = proposal;
        Round.Drafts[draft].Proposed = proposal.Count;
        if (Round.Running.Contains(draft))
            Round.ProposedLength = Math.Max(Round.ProposedLength, proposal.Count);
    }

    /// <summary>Makes one chain of the proposals of the drafts that vote: a probe's single id would end the chain.</summary>
    /// <param name="chain">Receives it; as long as the longest of these proposals.</param>
    /// <returns>The length of the chain.</returns>
    /// <exception cref="InvalidOperationException">A policy answered what cannot be.</exception>
    public int Vote(Span<int> chain)
    {
        (_extender, _extension) = (-1, Nothing);
        for (int i = 0; i < _ballot.Length; i++)
            _ballot[i] = Round.Running.Contains(i) ? _proposals[i] : Nothing;

        IVotingPolicy voting = _knowledge.Voting;
        int length = chain.IsEmpty ? 0 : voting.Vote(new Ballot(_ballot, _weights.Values), chain);
        if (length < 0 || length > chain.Length)
            throw new InvalidOperationException($"Voting policy {voting.GetType().Name} answered a chain of {length} ids, but the longest proposal has {chain.Length}.");

        ChainAgreement.Compute(_ballot, chain[..length], _agreement);
        if (length > 0 && !_agreement.AsSpan().Contains(length))
            throw new InvalidOperationException($"Voting policy {voting.GetType().Name} chose a chain that no draft proposed.");

        return Round.VotedLength = Round.ChainLength = length;
    }

    /// <summary>Takes what a draft adds behind the voted chain; nobody else has a part in it.</summary>
    /// <param name="draft">Its place.</param>
    /// <param name="extension">What it adds, no more than there is <see cref="Room"/> for; must not change before the next round.</param>
    public void Extend(int draft, Proposal extension)
    {
        (_extender, _extension) = (draft, extension);
        Round.ChainLength = Round.VotedLength + extension.Count;
    }

    /// <summary>Leaves as much of the chain for verification as the planner wants to have checked.</summary>
    /// <returns>The length of what is left.</returns>
    /// <exception cref="InvalidOperationException">A controller answered what cannot be.</exception>
    public int Shorten() => Round.ChainLength = Round.ChainLength == 0 ? 0 : Shorten(Round.ChainLength);

    /// <summary>The drafts that proposed an id of the chain, one bit each.</summary>
    public ulong ProposersOf(int position) => position < Round.VotedLength ? ChainAgreement.At(_agreement, position) : 1UL << _extender;

    /// <summary>What the planner threw while rows were shared out: that is nobody else's fault.</summary>
    public Exception? Fault { get; private set; }

    /// <summary>What a target run is worth to the request, in ids.</summary>
    public double PriceOfRun(int rows, int requests)
    {
        try
        {
            return _planner.PriceOfRun(rows, requests);
        }
        catch (Exception fault)
        {
            Fault = fault;
            return 0;
        }
    }

    /// <summary>Leaves no more of the chain than is worth its rows.</summary>
    public void CutTo(int length) => Round.ChainLength = length;

    /// <summary>Learns from the round, whose costs have been filled in.</summary>
    /// <param name="committed">The ids that the round added to the text; none where the text ends before them.</param>
    /// <param name="chainLength">The ids of the chain, those behind the end of the text left out.</param>
    /// <param name="accepted">How many of them were accepted.</param>
    /// <param name="isLast">Whether the text ended.</param>
    public void Observe(ReadOnlySpan<int> committed, int chainLength, int accepted, bool isLast)
    {
        (Round.ChainLength, Round.Accepted, Round.Committed, Round.IsLast) = (chainLength, accepted, committed.Length, isLast);
        if (!committed.IsEmpty)
            _guess?.Observe(committed[0]);
        if (Round.Plan.Length > 0)
            Score(committed);
        _planner.Observe(Round);
        _selector?.Observe(Round);
    }

    /// <summary>Passes on what the request taught. Called once, when it has ended well.</summary>
    public void Complete()
    {
        _weights.Publish();
        _guess?.Publish();
        _planner.Complete();
        _selector?.Complete();
    }

    private void Score(ReadOnlySpan<int> committed)
    {
        _score.Compute(_proposals, committed);
        for (int i = 0; i < _proposals.Length; i++)
        {
            ref DraftRound draft = ref Round.Drafts[i];
            (draft.Agreed, draft.Evaluated) = (_score.Agreed[i], _score.Evaluated[i]);
            if (Round.VotedLength > 0 && _agreement[i] >= Round.VotedLength)
                Round.VotedAgreed = Math.Min(draft.Agreed, Round.VotedLength);
        }

        if (_extender >= 0)
        {
            ref DraftRound extender = ref Round.Drafts[_extender];
            (extender.Continued, extender.ContinuedAgreed) = (Round.ChainLength - Round.VotedChain, Round.Accepted - Round.VotedAccepted);
        }

        _weights.Learn(_score, _agreement, Round.VotedChain, Round.VotedAccepted);
    }

    private int Shorten(int length)
    {
        ChainOutlook chain = _evidence.Gather(_ballot, _weights.Values, _agreement, Round.VotedLength, _extender, _extension);
        int left = _planner.Shorten(chain);
        if (left < 0 || left > length)
            throw new InvalidOperationException($"Controller {_planner.GetType().Name} shortened a chain of {length} ids to {left}.");

        Predicted = left > 0 && _planner.TryPredict(chain[..left], _survival.AsSpan(0, left)) ? left : 0;
        return left;
    }

    private SpeculationPlan Settle(in SpeculationPlan plan, in RoundOutlook outlook)
    {
        if (plan.MinimumConfidence is not (>= 0 and < 1))
            throw new InvalidOperationException($"Controller {_planner.GetType().Name} planned a minimum confidence of {plan.MinimumConfidence}, which must lie in [0, 1).");
        if (!outlook.Drafts.Includes((plan.Drafts ?? default).Bits | plan.Probes.Bits))
            throw new InvalidOperationException($"Controller {_planner.GetType().Name} planned drafts that the pipeline does not have: it has {_knowledge.Drafts}.");
        if (plan.TokensToScore is < 0 or > DraftRequest.MaxTokensToScore)
            throw new InvalidOperationException($"Controller {_planner.GetType().Name} wants {plan.TokensToScore} ids scored, which must lie between 0 and {DraftRequest.MaxTokensToScore}.");

        // The target adds an id of its own to every chain, so a chain may fill the request up to one id before its end.
        int length = _knowledge.Drafts == 0 ? 0 : Math.Min(Math.Clamp(plan.Length, _limits.Minimum, _limits.Maximum), outlook.Remaining - 1);
        SpeculationPlan settled = plan with { Length = length };
        if (length > 0 && plan.Drafts is null)
            settled = _knowledge.RunsAllDrafts || _knowledge.Drafts == 1 ? settled with { Drafts = outlook.Drafts } : Select(settled, outlook);
        if (settled.Length == 0 || settled.Drafts is not { IsEmpty: false })
            return settled with { Length = 0, MaxChainLength = 0, Drafts = default(DraftSet), Probes = default };

        return settled with { MaxChainLength = Math.Max(settled.Length, Math.Min(Math.Min(plan.MaxChainLength, _limits.Maximum), outlook.Remaining - 1)) };
    }

    // Which drafts pay at a given length.
    private SpeculationPlan Select(in SpeculationPlan plan, in RoundOutlook outlook)
    {
        _selector ??= new SpeculationPlanner(_knowledge.Selection, _limits);
        SpeculationPlan selected = _selector.PlanAt(plan.Length, outlook);
        return plan with { Length = selected.Length, Drafts = selected.Drafts, Probes = selected.Probes, TokensToScore = Math.Max(plan.TokensToScore, selected.TokensToScore) };
    }
}
