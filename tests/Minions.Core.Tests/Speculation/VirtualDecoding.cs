using Minions.Core.Drafting;
using Minions.Core.Speculation;
using Minions.Core.Voting;

namespace Minions.Core.Tests.Speculation;

/// <summary>Decodes virtual texts in virtual time, one request after the other.</summary>
internal sealed class VirtualDecoding
{
    private const int LongestFixed = 16;

    private readonly List<double> _secondsBefore = [];
    private readonly VirtualMachine _machine;
    private readonly PolicyKnowledge _knowledge;
    private readonly VirtualRounds _rounds;

    /// <summary>Makes a decoding.</summary>
    /// <param name="controller">The length controller.</param>
    /// <param name="machine">What runs cost.</param>
    /// <param name="drafts">How many drafts there are.</param>
    /// <param name="runsAll">Whether all of them run in every round that drafts.</param>
    public VirtualDecoding(ISpeculationLengthController controller, VirtualMachine machine, int drafts = 1, bool runsAll = false)
    {
        _machine = machine;
        _knowledge = new PolicyKnowledge(drafts, new WeightedMajorityVote(), controller, DraftWeighting.FullInformation, runsAll);
        _rounds = new VirtualRounds(machine, 1);
    }

    /// <summary>Whether drafts tell what they would have chosen where they did not run.</summary>
    public bool DraftsScore { get; init; } = true;

    /// <summary>The planned length of each round, with the place in the text at which it began.</summary>
    public List<(int Position, int Length)> Lengths { get; } = [];

    /// <summary>The drafts that had a part in the vote of each round.</summary>
    public List<DraftSet> Sets { get; } = [];

    public double Seconds { get; private set; }

    public int Tokens { get; private set; }

    /// <summary>Undisturbed seconds, by which ways to decode are compared.</summary>
    public double Goodput => Tokens / Seconds;

    /// <summary>The goodput from a place of the text on.</summary>
    public double GoodputFrom(int position)
    {
        int first = Lengths.FindIndex(round => round.Position >= position);
        return (Tokens - Lengths[first].Position) / (Seconds - _secondsBefore[first]);
    }

    /// <summary>The goodput of a text whose drafts all run, at a fixed length.</summary>
    public static double GoodputOf(int fixedLength, VirtualText text, VirtualMachine machine, int requestLength = 128) =>
        new VirtualDecoding(new FixedSpeculationLength(fixedLength), machine, text.Drafts.Count, runsAll: true).Run(text, requestLength).Goodput;

    public static double BestFixed(VirtualText text, VirtualMachine machine, int requestLength = 128) =>
        Enumerable.Range(0, LongestFixed + 1).Max(length => GoodputOf(length, text, machine, requestLength));

    /// <summary>Decodes a text as requests of some length.</summary>
    /// <returns>This, with what the text took alone.</returns>
    public VirtualDecoding Run(VirtualText text, int requestLength = 128)
    {
        (Seconds, Tokens) = (0, 0);
        Lengths.Clear();
        Sets.Clear();
        _secondsBefore.Clear();
        for (int start = 0; start < text.Length; start += requestLength)
            RunRequest(text, start, Math.Min(text.Length, start + requestLength));
        return this;
    }

    private void RunRequest(VirtualText text, int start, int end)
    {
        VirtualRequest[] batch = [new(_knowledge, text, start, end, _machine.MinRows, DraftsScore)];
        while (batch[0].Remaining > 0)
        {
            int position = batch[0].Position;
            _secondsBefore.Add(Seconds);
            Seconds += _rounds.Run(batch);
            Lengths.Add((position, batch[0].Round.Plan.Length));
            Sets.Add(batch[0].Round.Running);
            Tokens += batch[0].Position - position;
        }
    }
}
