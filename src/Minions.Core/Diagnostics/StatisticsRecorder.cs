using Minions.Core.Drafting;
using Minions.Core.Voting;

namespace Minions.Core.Diagnostics;

/// <summary>Counts one request's rounds as they are committed. Ids cut off by the end of the request must not reach it.</summary>
internal sealed class StatisticsRecorder(int drafts)
{
    private readonly int[] _acceptedPerPosition = new int[Generation.GenerationOptions.MaximumSpeculationLength];
    private readonly int[] _draftRounds = new int[drafts];
    private readonly int[] _proposed = new int[drafts];
    private readonly int[] _evaluated = new int[drafts];
    private readonly int[] _agreed = new int[drafts];
    private readonly int[] _selected = new int[drafts];
    private readonly int[] _skipped = new int[drafts];
    private readonly int[] _probes = new int[drafts];
    private int _rounds;
    private int _draftTokens;
    private int _accepted;
    private int _committed;
    private int _corrections;
    private int _bonus;
    private int _plain;
    private int _ngram;
    private int _ahead;
    private int _wastedAhead;

    public LengthRecorder Lengths { get; } = new();

    /// <summary>Counts a draft's proposal of this round.</summary>
    /// <param name="draft">The draft's index.</param>
    /// <param name="length">Ids it proposed.</param>
    /// <param name="score">How they met the text.</param>
    /// <param name="selected">Whether the checked chain was its own.</param>
    public void Proposal(int draft, int length, RoundScore score, bool selected)
    {
        _draftRounds[draft]++;
        _proposed[draft] += length;
        _evaluated[draft] += score.Evaluated[draft];
        _agreed[draft] += score.Agreed[draft];
        _selected[draft] += selected ? 1 : 0;
    }

    /// <summary>Counts a round with drafts that this one was left out of.</summary>
    public void Skip(int draft) => _skipped[draft]++;

    /// <summary>Counts the beginning of a probe.</summary>
    public void Probe(int draft) => _probes[draft]++;

    /// <summary>Counts a round before which drafts worked ahead.</summary>
    /// <param name="used">Whether it had any use.</param>
    public void Ahead(bool used)
    {
        _ahead += used ? 1 : 0;
        _wastedAhead += used ? 0 : 1;
    }

    /// <summary>Counts a verified round.</summary>
    /// <param name="chainLength">Ids on the chain, those behind the end of the request left out.</param>
    /// <param name="accepted">How many of them the target chose too.</param>
    /// <param name="committed">Ids added to the text.</param>
    public void Round(int chainLength, int accepted, int committed)
    {
        _rounds++;
        _draftTokens += chainLength;
        _accepted += accepted;
        _committed += committed;
        for (int i = 0; i < accepted; i++)
            _acceptedPerPosition[i]++;
        if (committed == accepted)
            return;

        if (chainLength == 0)
        {
            _plain++;
            _ngram += committed - 1;
        }
        else if (accepted < chainLength)
            _corrections++;
        else
            _bonus++;
    }

    public SpeculationStatistics Snapshot(IReadOnlyList<IDraftModel> models, ReadOnlySpan<DraftMember> members, IDraftWeights weights)
    {
        var perDraft = new DraftStatistics[models.Count];
        for (int i = 0; i < perDraft.Length; i++)
        {
            bool took = i < members.Length;
            perDraft[i] = new DraftStatistics
            {
                Name = models[i].Name,
                Rounds = _draftRounds[i],
                SelectedRounds = _selected[i],
                SkippedRounds = _skipped[i],
                Probes = _probes[i],
                Faults = took ? members[i].Faults : 0,
                ProposedTokens = _proposed[i],
                EvaluatedTokens = _evaluated[i],
                AgreedTokens = _agreed[i],
                Weight = took ? weights.Values[i] : 1,
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
            AheadRounds = _ahead,
            WastedAheadRounds = _wastedAhead,
            AcceptedPerPosition = _acceptedPerPosition[..positions],
            Drafts = perDraft,
            Lengths = Lengths.Snapshot(),
        };
    }
}
