using Minions.Core.Diagnostics;
using Minions.Core.Speculation;

namespace Minions.Core.Pipeline;

/// <summary>Counts one request's rounds as they are committed. Ids cut off by the end of the request must not reach it, or are taken back.</summary>
/// <param name="drafts">The number of drafts.</param>
/// <param name="canBeTakenBack">Whether ids may be taken back of rounds that were counted: stop sequences can begin in earlier rounds.</param>
internal sealed class StatisticsRecorder(int drafts, bool canBeTakenBack)
{
    private readonly List<CountedRound> _recent = [];
    private readonly int[] _acceptedPerPosition = new int[Generation.GenerationOptions.MaximumSpeculationLength];
    private readonly int[] _draftRounds = new int[drafts];
    private readonly int[] _proposed = new int[drafts];
    private readonly int[] _evaluated = new int[drafts];
    private readonly int[] _agreed = new int[drafts];
    private readonly int[] _selected = new int[drafts];
    private readonly int[] _continued = new int[drafts];
    private readonly int[] _continuedAgreed = new int[drafts];
    private readonly int[] _skipped = new int[drafts];
    private readonly int[] _probes = new int[drafts];
    private int _rounds;
    private int _chains;
    private int _draftTokens;
    private int _accepted;
    private int _committed;
    private int _corrections;
    private int _bonus;
    private int _plain;
    private int _ngram;
    private int _preDraft;
    private int _wastedPreDrafts;

    public LengthRecorder Lengths { get; } = new();

    public int Rounds => _rounds;

    /// <summary>The rounds in which a chain was checked.</summary>
    public int Chains => _chains;

    public int DraftTokens => _draftTokens;

    public int AcceptedTokens => _accepted;

    /// <summary>For each place in a chain how often its id was accepted.</summary>
    public ReadOnlySpan<int> AcceptedPerPosition => _acceptedPerPosition;

    /// <summary>For each draft the rounds in which it proposed.</summary>
    public ReadOnlySpan<int> DraftRounds => _draftRounds;

    /// <summary>For each draft the ids it proposed.</summary>
    public ReadOnlySpan<int> Proposed => _proposed;

    /// <summary>For each draft how many of these verification reached.</summary>
    public ReadOnlySpan<int> Evaluated => _evaluated;

    /// <summary>For each draft how many of its ids agreed with the text.</summary>
    public ReadOnlySpan<int> Agreed => _agreed;

    /// <summary>Counts a round before which drafts pre-drafted.</summary>
    /// <param name="used">Whether it had any use.</param>
    public void PreDraft(bool used)
    {
        _preDraft += used ? 1 : 0;
        _wastedPreDrafts += used ? 0 : 1;
    }

    /// <summary>Counts a verified round of a request that speculates.</summary>
    /// <param name="round">The round; ids behind the end of the request are left out.</param>
    /// <param name="agreement">For each draft, how many ids of the voted chain its proposal begins with.</param>
    public void Round(SpeculationRound round, ReadOnlySpan<int> agreement)
    {
        Count(round.ChainLength, round.Accepted, round.Committed);
        Lengths.Round(round);
        if (round.Plan.Length == 0)
            return;

        for (int i = 0; i < round.Drafts.Length; i++)
        {
            DraftRound draft = round.Drafts[i];
            if (round.Plan.Probes.Contains(i))
                _probes[i]++;
            if (round.Plan.Drafts is not { } planned || !planned.Contains(i))
            {
                _skipped[i]++;
            }
            else if (draft.Proposed > 0)
            {
                _draftRounds[i]++;
                _proposed[i] += draft.Proposed;
                _evaluated[i] += draft.Evaluated;
                _agreed[i] += draft.Agreed;
                _selected[i] += round.ChainLength > 0 && agreement[i] >= round.VotedChain ? 1 : 0;
            }

            _continued[i] += draft.Continued;
            _continuedAgreed[i] += draft.ContinuedAgreed;
        }
    }

    /// <summary>Counts a round of a request that does not speculate.</summary>
    /// <param name="committed">Ids added to the text.</param>
    /// <param name="time">How long the target run took.</param>
    public void Plain(int committed, TimeSpan time)
    {
        Count(0, 0, committed);
        Lengths.Plain(committed, time);
    }

    /// <summary>Forgets what could be taken back of rounds whose ids have left.</summary>
    /// <param name="held">The ids that are held back.</param>
    public void Settle(int held)
    {
        int behind = 0;
        int kept = _recent.Count;
        while (kept > 0 && behind < held)
            behind += _recent[--kept].Committed;
        _recent.RemoveRange(0, kept);
    }

    /// <summary>Takes ids of rounds counted before back, for a stop sequence that began in them. What drafts did in these rounds stays counted.</summary>
    /// <param name="ids">How many, from the newest on; more than are held are those of the prefill.</param>
    public void TakeBack(int ids)
    {
        for (int i = _recent.Count - 1; i >= 0 && ids > 0; i--)
        {
            CountedRound round = _recent[i];
            int left = Math.Max(0, round.Committed - ids);
            ids -= round.Committed - left;
            Add(round, -1);
            Add(new CountedRound(Math.Min(round.ChainLength, left), Math.Min(round.Accepted, left), left), 1);
        }
    }

    private void Count(int chainLength, int accepted, int committed)
    {
        var round = new CountedRound(chainLength, accepted, committed);
        _rounds++;
        _chains += chainLength > 0 ? 1 : 0;
        Add(round, 1);
        if (canBeTakenBack)
            _recent.Add(round);
    }

    private void Add(CountedRound round, int sign)
    {
        (int chainLength, int accepted, int committed) = round;
        _draftTokens += sign * chainLength;
        _accepted += sign * accepted;
        _committed += sign * committed;
        for (int i = 0; i < accepted; i++)
            _acceptedPerPosition[i] += sign;
        if (committed == accepted)
            return;

        if (chainLength == 0)
        {
            _plain += sign;
            _ngram += sign * (committed - 1);
        }
        else if (accepted < chainLength)
            _corrections += sign;
        else
            _bonus += sign;
    }

    /// <summary>Sums up.</summary>
    /// <param name="names">The drafts' names.</param>
    /// <param name="faults">The drafts' faults; none where nothing was speculated.</param>
    /// <param name="weights">The drafts' weights in the vote; none where nothing was speculated.</param>
    public SpeculationStatistics Snapshot(ReadOnlySpan<string> names, ReadOnlySpan<int> faults, ReadOnlySpan<double> weights)
    {
        var perDraft = new DraftStatistics[names.Length];
        for (int i = 0; i < perDraft.Length; i++)
        {
            bool took = i < weights.Length;
            perDraft[i] = new DraftStatistics
            {
                Name = names[i],
                Rounds = _draftRounds[i],
                SelectedRounds = _selected[i],
                SkippedRounds = _skipped[i],
                Probes = _probes[i],
                Faults = took ? faults[i] : 0,
                ProposedTokens = _proposed[i],
                EvaluatedTokens = _evaluated[i],
                AgreedTokens = _agreed[i],
                ContinuedTokens = _continued[i],
                AgreedContinuedTokens = _continuedAgreed[i],
                Weight = took ? weights[i] : 1,
            };
        }

        int positions = Array.FindLastIndex(_acceptedPerPosition, count => count > 0) + 1;
        return new SpeculationStatistics
        {
            Rounds = _rounds,
            DraftTokens = _draftTokens,
            AcceptedTokens = _accepted,
            CommittedTokens = _committed,
            CorrectionTokens = _corrections,
            BonusTokens = _bonus,
            PlainTokens = _plain,
            NgramTokens = _ngram,
            PreDraftedRounds = _preDraft,
            WastedPreDraftRounds = _wastedPreDrafts,
            AcceptedPerPosition = _acceptedPerPosition[..positions],
            Drafts = perDraft,
            Lengths = Lengths.Snapshot(),
        };
    }

    private readonly record struct CountedRound(int ChainLength, int Accepted, int Committed);
}
