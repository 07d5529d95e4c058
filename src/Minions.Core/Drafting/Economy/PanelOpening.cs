using System.Numerics;

namespace Minions.Core.Drafting.Economy;

/// <summary>
/// How the drafts that a request begins with are compared on its own text: by their first rounds, and before those can tell by how they held
/// the prompt, where that has told in other requests. Over when the panel changes.
/// </summary>
/// <param name="shared">What the pipeline has learnt.</param>
/// <param name="panel">The drafts, one bit each.</param>
internal sealed class PanelOpening(PanelKnowledge shared, ulong panel)
{
    /// <summary>Whatever other requests showed, a panel is changed only after so many rounds of this text.</summary>
    public const int LeastRounds = 6;

    private const int LeastRoundsOfReaders = 1;

    // With fewer, chance decides.
    private const int LeastIdsRead = 16;

    // What the prompt says of a draft counts as much as so many rounds.
    private const int RoundsOfReading = 12;

    // A comparison of one id a round is not to cost more than a part of what the target takes.
    private const double MostOfPlain = 0.6;

    private readonly PanelEvidence _rounds = new(shared.Drafts, PanelEvidence.OfRounds);
    private bool _hasRead;
    private ulong _bestReader;

    public bool IsOver { get; private set; }

    /// <summary>Whether the prompt has told which draft is best.</summary>
    public bool HasBestReader => _bestReader != 0;

    /// <summary>The rounds before the panel may change.</summary>
    public int RoundsToChoose => IsOver || !HasBestReader ? LeastRounds : LeastRoundsOfReaders;

    /// <summary>The least length that would show which draft is best, as long as that is open and affordable; else 0.</summary>
    public int WishedLength =>
        !IsOver && _rounds.Accepted.Count < RoundsToChoose && BitOperations.PopCount(panel) > 1 && shared.Costs.Step(panel) < MostOfPlain * shared.Costs.Plain ? 1 : 0;

    /// <summary>Takes a round of the whole panel.</summary>
    /// <param name="round">The round.</param>
    /// <param name="evidence">What is known of the panel; receives what the prompt says.</param>
    public void Observe(PanelRound round, PanelEvidence evidence)
    {
        _rounds.Add(round, forgetting: 1);
        if (BitOperations.PopCount(panel) == 1 || !HaveRead(round.Fits))
            return;

        if (!_hasRead)
            Read(round.Fits, evidence);
        _hasRead = true;
        shared.Reading.Learn(round);
    }

    /// <summary>Ends it.</summary>
    public void End() => IsOver = true;

    /// <summary>Passes on what it taught.</summary>
    /// <param name="last">The panel that the request ended with, if that was left as it is after some rounds.</param>
    /// <param name="mayBeEmpty">Whether plain decoding is allowed.</param>
    public void Publish(ulong? last, bool mayBeEmpty)
    {
        if (_rounds.Accepted.Count >= (HasBestReader ? LeastRoundsOfReaders : PanelChoice.LeastSamples))
            shared.LearnBeginning(panel, last | _bestReader, _rounds, mayBeEmpty);
    }

    private bool HaveRead(ReadOnlySpan<TextFit> fits)
    {
        bool all = true;
        for (ulong rest = panel; rest != 0; rest &= rest - 1)
            all &= fits[BitOperations.TrailingZeroCount(rest)].Ids >= LeastIdsRead;
        return all;
    }

    private void Read(ReadOnlySpan<TextFit> fits, PanelEvidence evidence)
    {
        _bestReader = shared.Reading.BestReader(panel, fits);
        if (!HasBestReader)
            return;

        shared.Begin(evidence);
        evidence.Weaken(PanelChoice.LeastSamples);
        for (ulong rest = panel; rest != 0; rest &= rest - 1)
        {
            int draft = BitOperations.TrailingZeroCount(rest);
            evidence.Expect(draft, shared.Reading.LossAlone(draft, panel, fits), RoundsOfReading);
        }
    }
}
