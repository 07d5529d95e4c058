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
    // Comparing them may cost a part of what the target takes, for each id.
    private const double MostOfPlain = 0.6;

    private readonly PanelEvidence _rounds = new(shared.Drafts, PanelEvidence.OfRounds);
    private readonly TextFit[] _fits = new TextFit[shared.Drafts];
    private ulong _readers;
    private ulong _bestReader;

    public bool IsOver { get; private set; }

    /// <summary>Whether the next round's drafts are to tell how they hold the text.</summary>
    public bool WantsReading => IsOpen && _rounds.Accepted.Count == 0;

    /// <summary>The least length that would show which draft is best, as long as that is open and affordable; else 0.</summary>
    public int WishedLength =>
        IsOpen && _rounds.Accepted.Count < RequestPanel.LeastRounds && shared.Costs.Step(panel) < MostOfPlain * shared.Costs.Plain ? 1 : 0;

    private bool IsOpen => !IsOver && BitOperations.PopCount(panel) > 1;

    /// <summary>Takes a round of the whole panel.</summary>
    /// <param name="round">The round.</param>
    /// <param name="accepted">The ids a round that the panel is taken to have accepted.</param>
    /// <returns>The panel to go on with, if what was read tells it; drafts that did not read stay.</returns>
    public PanelChoice? Observe(PanelRound round, double accepted)
    {
        bool isFirst = WantsReading;
        _rounds.Add(round, forgetting: 1);
        if (isFirst)
            Read(round.Fits);
        if (_readers == 0 || _rounds.Accepted.Count > RequestPanel.LeastRounds)
            return null;

        PanelChoice? choice = isFirst ? Choose(accepted) : null;
        shared.Reading.Learn(round, _readers, _fits);
        return choice;
    }

    /// <summary>Ends it.</summary>
    public void End() => IsOver = true;

    /// <summary>Passes on what it taught.</summary>
    /// <param name="last">The panel that the request ended with, if that was left as it is after some rounds.</param>
    /// <param name="mayBeEmpty">Whether plain decoding is allowed.</param>
    public void Publish(ulong? last, bool mayBeEmpty)
    {
        bool isRead = _bestReader != 0;
        if (_rounds.Accepted.Count >= (isRead ? 1 : PanelChoice.LeastSamples))
            shared.LearnBeginning(panel, last ?? (isRead ? _bestReader : null), _rounds, mayBeEmpty);
    }

    private void Read(ReadOnlySpan<TextFit> fits)
    {
        ulong readers = 0;
        for (int i = 0; i < fits.Length; i++)
            readers |= DraftSet.Has(panel, i) && fits[i].Ids >= TextFit.LeastIds ? 1UL << i : 0;
        if (BitOperations.PopCount(readers) < 2)
            return;

        _readers = readers;
        fits.CopyTo(_fits);
    }

    private PanelChoice? Choose(double accepted)
    {
        ReadingValue reading = shared.Reading;
        _bestReader = reading.BestReader(_readers, _fits);
        ulong kept = (panel & ~_readers) | _bestReader;
        bool pays = shared.Costs.Goodput(kept, accepted - reading.LossOfBest) > shared.Costs.Goodput(panel, accepted);
        return _bestReader != 0 && pays ? new PanelChoice(kept, -reading.LossOfBest) : null;
    }
}
