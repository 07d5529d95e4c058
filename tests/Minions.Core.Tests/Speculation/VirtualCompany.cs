using Minions.Core.Speculation;
using Minions.Core.Voting;

namespace Minions.Core.Tests.Speculation;

/// <summary>Decodes virtual texts in virtual time, a request each, side by side.</summary>
internal sealed class VirtualCompany(ISpeculationLengthController controller, int requests, bool draftsApart = false, bool runsAll = false)
{
    private readonly VirtualMachine _machine = VirtualMachine.Packed with { DraftsApart = draftsApart };
    private readonly PolicyKnowledge _knowledge =
        new(1, new WeightedMajorityVote(), controller, DraftWeighting.FullInformation, runsAll, draftBatchSize: draftsApart ? 1 : requests);

    /// <summary>Ids a second of all requests together.</summary>
    public double Goodput { get; private set; }

    /// <summary>Ids a round of each request.</summary>
    public double TokensPerRound { get; private set; }

    public static double BestFixed(int requests, Func<int, VirtualText> text, bool draftsApart = false) =>
        Enumerable.Range(0, 9).Max(length => new VirtualCompany(new FixedSpeculationLength(length), requests, draftsApart, runsAll: true).Run(text).Goodput);

    /// <summary>Decodes a text a request, all of the same length, until the first is at its end.</summary>
    public VirtualCompany Run(Func<int, VirtualText> textOf)
    {
        VirtualRequest[] batch = [.. Enumerable.Range(0, requests).Select(textOf).Select(text => new VirtualRequest(_knowledge, text, 0, text.Length, _machine.MinRows, draftsScore: true))];
        var together = new VirtualRounds(_machine, requests);
        double seconds = 0;
        int rounds = 0;
        for (; batch.All(request => request.Remaining > 0); rounds++)
            seconds += together.Run(batch);

        int tokens = batch.Sum(request => request.Position);
        (Goodput, TokensPerRound) = (tokens / seconds, (double)tokens / rounds / requests);
        return this;
    }
}
