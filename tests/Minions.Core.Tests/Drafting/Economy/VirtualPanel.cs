using Minions.Core.Drafting;
using Minions.Core.Drafting.Economy;
using Minions.Core.Tests.Voting;
using Minions.Core.Voting;

namespace Minions.Core.Tests.Drafting.Economy;

/// <summary>A draft of a virtual panel.</summary>
/// <param name="MillisecondsPerId">What an id costs it.</param>
/// <param name="Right">The ids it gets right in a round, by the number of ids the text holds.</param>
/// <param name="Fit">How likely it holds the prompt, where it tells.</param>
internal sealed record VirtualDraft(double MillisecondsPerId, Func<int, int> Right, Func<double>? Fit = null);

/// <summary>
/// The production vote, weights and panel decision over drafts that are as right and as slow as they are told to be, in virtual time.
/// </summary>
internal sealed class VirtualPanel(int threads, params VirtualDraft[] drafts)
{
    public const int Length = 4;
    private const double VerifySeconds = 10e-3;
    private const double SecondsPerNewId = 0.1e-3;

    private readonly PanelKnowledge _shared = new(drafts.Length, threads);
    private readonly WeightPrior _prior = new(drafts.Length);
    private readonly WeightedMajorityVote _policy = new();

    public ulong FirstPanel
    {
        get
        {
            lock (_shared.Gate)
                return _shared.FirstPanel;
        }
    }

    /// <summary>Seconds of all rounds.</summary>
    public double Seconds { get; private set; }

    public int Tokens { get; private set; }

    /// <summary>Runs one request.</summary>
    /// <param name="rounds">How many rounds it has.</param>
    /// <param name="promptLength">The ids that every draft has to be shown first.</param>
    /// <param name="mayBeEmpty">Whether it may decode plainly.</param>
    /// <param name="rests">Whether the length rule lets a panel rest; never by default.</param>
    /// <param name="forGuess">Whether it does so for a guess that costs nothing, not for the drafts' time.</param>
    public VirtualRun Request(int rounds, int promptLength = 20, bool mayBeEmpty = true, Func<ulong, bool>? rests = null, bool forGuess = false)
    {
        var panel = new RequestPanel(_shared, mayBeEmpty);
        var weights = new FullInformationWeights(drafts.Length, _prior);
        var poll = new PanelPoll(_policy, drafts.Length);
        var score = new RoundScore(drafts.Length);
        var round = new PanelRound(drafts.Length);
        var seen = new int[drafts.Length];
        var panels = new List<ulong>();
        var wishes = new List<int>();
        int length = promptLength, probes = 0;
        for (int i = 0; i < rounds; i++)
        {
            int candidate = panel.Candidate;
            ulong running = panel.Plan(length);
            probes += panel.Candidate >= 0 && panel.Candidate != candidate ? 1 : 0;
            panels.Add(running);
            wishes.Add(panel.WishedLength);
            if (rests?.Invoke(running) == true)
                running = 0;
            round.Running = panels[^1];
            round.HasSureGuess = forGuess;
            for (int draft = 0; draft < drafts.Length; draft++)
                round.Fits[draft] = panel.WantsReading && drafts[draft].Fit is { } fit ? ReadingValueTests.Fit(fit()) : default;
            Fill(round, running, length, seen);

            Proposal[] proposals = [.. drafts.Select((draft, index) => Propose(draft, index, DraftSet.Has(running, index), length))];
            var chain = new int[Length];
            int voted = running == 0 ? 0 : _policy.Vote(new Ballot(proposals, weights.Values), chain);
            int accepted = chain.AsSpan(0, voted).CommonPrefixLength(Text(length));
            ReadOnlySpan<int> committed = Text(length)[..(accepted + 1)];

            if (running != 0)
                poll.Take(proposals, weights.Values, committed, round);
            panel.Observe(round);
            score.Compute(proposals, committed);
            weights.Learn(score, new int[drafts.Length], voted, accepted);

            double longest = round.DraftSeconds.Max(), sum = round.DraftSeconds.Sum();
            Seconds += VerifySeconds + Math.Max(longest, sum / threads);
            Tokens += committed.Length;
            length += committed.Length;
        }

        weights.Publish();
        panel.Publish();
        return new VirtualRun(panels, probes, wishes);
    }

    private void Fill(PanelRound round, ulong running, int length, int[] seen)
    {
        round.Length = running == 0 ? 0 : Length;
        round.ContextLength = length;
        round.VerifySeconds = VerifySeconds;
        for (int i = 0; i < drafts.Length; i++)
        {
            round.DraftSeconds[i] = round.Proposed[i] = 0;
            if (!DraftSet.Has(running, i))
                continue;

            round.Proposed[i] = Length;
            round.NewIds[i] = length - seen[i];
            seen[i] = length;
            round.DraftSeconds[i] = drafts[i].MillisecondsPerId * 1e-3 * Length + SecondsPerNewId * Math.Max(0, round.NewIds[i] - Length - 1);
        }
    }

    // Wrong ids differ from draft to draft, so that they never outvote by chance.
    private static Proposal Propose(VirtualDraft draft, int index, bool runs, int length)
    {
        if (!runs)
            return Ballots.Propose(Array.Empty<int>());

        int right = Math.Clamp(draft.Right(length), 0, Length);
        return Ballots.Propose([.. Text(length)[..Length].ToArray().Select((id, position) => (position < right ? id : 1000 + index, 0.7f))]);
    }

    private static ReadOnlySpan<int> Text(int length) => Enumerable.Range(length, Length + 1).Select(position => position % 97).ToArray();
}

/// <summary>What a virtual request did.</summary>
/// <param name="Panels">The panel of each round.</param>
/// <param name="Probes">How many probes began.</param>
/// <param name="Wishes">The length that each round was to have at least.</param>
internal sealed record VirtualRun(IReadOnlyList<ulong> Panels, int Probes, IReadOnlyList<int> Wishes)
{
    /// <summary>The share of some rounds in which a draft ran.</summary>
    public double Ran(int draft, Range rounds)
    {
        ulong[] some = [.. Panels.Take(rounds)];
        return (double)some.Count(panel => DraftSet.Has(panel, draft)) / some.Length;
    }
}
