using Minions.Core.Drafting;

namespace Minions.Benchmarks.Replay;

/// <summary>A set of drafts that all run in every round, for one length.</summary>
/// <param name="Drafts">The drafts, by their places in the recording.</param>
/// <param name="Length">The length.</param>
/// <param name="TokensPerMillisecond">How fast that is.</param>
internal sealed record StaticChoice(DraftSet Drafts, int Length, double TokensPerMillisecond)
{
    /// <summary>The most drafts whose sets are all tried.</summary>
    public const int MostDrafts = 4;

    /// <summary>Finds the fastest choice in hindsight, of all sets and of <see cref="ReplayRule.FixedLengths"/>.</summary>
    public static StaticChoice Best(Recording recording, string column, ReplayConditions conditions)
    {
        StaticChoice? best = null;
        int count = recording.Drafts.Length;
        for (ulong bits = 1; bits < 1UL << count; bits++)
        {
            var set = new DraftSet(bits);
            var cell = new ReplayCell(recording, [.. Enumerable.Range(0, count).Where(set.Contains)], conditions);

            // Plain decoding is the same with any drafts.
            foreach (int i in Enumerable.Range(0, ReplayRule.Fixed.Count).Where(i => bits == 1 || ReplayRule.FixedLengths[i] > 0))
            {
                double speed = cell.Run(ReplayRule.Fixed[i], column).TokensPerMillisecond;
                if (best is null || speed > best.TokensPerMillisecond)
                    best = new StaticChoice(set, ReplayRule.FixedLengths[i], speed);
            }
        }

        return best!;
    }

    /// <summary>The drafts counted from 1, and the length: <c>1+3 x 4</c>.</summary>
    public override string ToString() =>
        Length == 0 ? "plain" : $"{Name(Drafts)} x {Length}";

    /// <summary>A set's drafts counted from 1: <c>1+3</c>.</summary>
    public static string Name(DraftSet drafts) => string.Join('+', Enumerable.Range(0, 64).Where(drafts.Contains).Select(draft => draft + 1));
}
