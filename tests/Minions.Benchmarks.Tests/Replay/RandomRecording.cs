using Minions.Benchmarks.Replay;

namespace Minions.Benchmarks.Tests.Replay;

/// <summary>Recordings of a few random texts, with drafts that know each id by chance.</summary>
internal static class RandomRecording
{
    /// <summary>Makes one.</summary>
    /// <param name="seed">Of everything random.</param>
    /// <param name="skills">For each draft, how likely it knows an id.</param>
    public static Recording Of(int seed, params double[] skills)
    {
        var random = new Random(seed);
        double[] runs = [.. Enumerable.Range(0, Recording.ProposalLength + 1).Select(rows => 5 + 0.2 * rows)];
        var costs = new RecordedCosts(
            runs, RecordedCosts.ByCount([.. skills.Select((_, count) => 0.3 + 0.1 * count)], skills.Length), RecordedCosts.ByCount([0.1], skills.Length));
        RecordedText[] texts = [.. Enumerable.Range(0, 4).Select(i => Text(random, $"text-{i}", i % 2 == 0 ? "even" : "odd", skills))];
        return new Recording("random", [.. skills.Select((_, i) => $"draft-{i}")], costs, texts);
    }

    private static RecordedText Text(Random random, string id, string domain, double[] skills)
    {
        int[] ids = [.. Enumerable.Range(0, 60).Select(_ => random.Next(1000))];
        RecordedProposal[][] proposals = [.. skills.Select(skill => Enumerable.Range(1, ids.Length - 1).Select(place => Proposal(random, ids, place, skill)).ToArray())];
        return new RecordedText(id, domain, 5, ids, proposals);
    }

    private static RecordedProposal Proposal(Random random, int[] ids, int place, double skill)
    {
        int[] proposed = [.. Enumerable.Range(place, Recording.ProposalLength).Select(i => i < ids.Length && random.NextDouble() < skill ? ids[i] : 1000 + random.Next(1000))];
        return new RecordedProposal(proposed, [.. proposed.Select(_ => (float)skill)]);
    }
}
