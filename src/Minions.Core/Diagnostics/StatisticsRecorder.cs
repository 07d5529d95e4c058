using Minions.Core.Drafting;
using Minions.Core.Voting;

namespace Minions.Core.Diagnostics;

/// <summary>Counts one request's rounds as they are committed. Ids cut off by the end of the request must not reach it.</summary>
internal sealed class StatisticsRecorder(int drafts)
{
    private readonly int[] _acceptedPerPosition = new int[Generation.GenerationOptions.MaximumSpeculationLength];
    private readonly int[] _draftRounds = new int[drafts];
    private readonly int[] _proposed = new int[drafts];
    private readonly int[] _wins = new int[drafts];
    private int _rounds;
    private int _draftTokens;
    private int _accepted;
    private int _committed;
    private int _corrections;
    private int _bonuses;

    public LengthRecorder Lengths { get; } = new();

    /// <summary>Counts a draft's proposal of this round.</summary>
    public void Proposal(int draft, int length, bool won)
    {
        _draftRounds[draft]++;
        _proposed[draft] += length;
        _wins[draft] += won ? 1 : 0;
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
        if (committed > accepted && chainLength > 0)
            (_corrections, _bonuses) = accepted < chainLength ? (_corrections + 1, _bonuses) : (_corrections, _bonuses + 1);
    }

    public SpeculationStatistics Snapshot(IReadOnlyList<IDraftModel> models, ReadOnlySpan<DraftMember> members, DraftWeights weights)
    {
        var perDraft = new DraftStatistics[models.Count];
        for (int i = 0; i < perDraft.Length; i++)
        {
            bool took = i < members.Length;
            perDraft[i] = new DraftStatistics(models[i].Name, _draftRounds[i], _proposed[i], _wins[i], took ? members[i].Faults : 0, took ? weights.Values[i] : 1);
        }

        int positions = Array.FindLastIndex(_acceptedPerPosition, count => count > 0) + 1;
        return new SpeculationStatistics
        {
            Rounds = _rounds,
            DraftTokens = _draftTokens,
            AcceptedTokens = _accepted,
            CommittedTokens = _committed,
            Corrections = _corrections,
            Bonuses = _bonuses,
            AcceptedPerPosition = _acceptedPerPosition[..positions],
            Drafts = perDraft,
            Lengths = Lengths.Snapshot(),
        };
    }
}
