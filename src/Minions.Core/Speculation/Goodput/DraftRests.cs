using System.Numerics;

namespace Minions.Core.Speculation.Goodput;

/// <summary>Up to where each draft has read a request's text, and what it takes to read on.</summary>
/// <param name="shared">What runs cost.</param>
internal sealed class DraftRests(SpeculationKnowledge shared)
{
    private readonly int[] _seen = new int[shared.Drafts];
    private readonly double[] _times = new double[shared.Drafts];
    private ulong _ran;
    private ulong _silent;
    private ulong _away;

    /// <summary>The ids of the text, from its first, that a draft has read.</summary>
    public int SeenBy(int draft) => _seen[draft];

    /// <summary>What the drafts of a set take to catch up with the text, side by side.</summary>
    public double CatchUpTime(ulong drafts, int contextLength)
    {
        double time = 0;

        // A draft that ran in the last round has that round's ids to take in, which is in its steps. One that is free takes none beside others.
        ulong paid = drafts & ~shared.Costs.Free;
        for (ulong rest = (paid != 0 ? paid : drafts) & ~_ran; rest != 0; rest &= rest - 1)
        {
            int draft = BitOperations.TrailingZeroCount(rest);
            time = Math.Max(time, (contextLength - _seen[draft]) * shared.Costs.CatchUp * shared.Costs.Step(1UL << draft));
        }

        return time;
    }

    /// <summary>The drafts that a round asked, probes included.</summary>
    public static ulong Asked(SpeculationRound round) => round.Plan.Length == 0 ? 0 : (round.Plan.Drafts ?? default).Union(round.Plan.Probes).Bits;

    /// <summary>Whether a draft did not answer when it was asked last: it failed, hangs or pauses.</summary>
    public bool IsAway(int draft) => (_away >> draft & 1) != 0;

    /// <summary>The time since a draft was asked in this text, or since the text began.</summary>
    public double TimeSince(int draft) => _times[draft];

    /// <summary>Whether a draft tells what it would have chosen where it did not run, as far as is known.</summary>
    public bool Scores(int draft) => (_silent >> draft & 1) == 0;

    /// <summary>Notes which drafts ran in a round.</summary>
    /// <param name="round">The round.</param>
    /// <param name="time">What it took.</param>
    public void Observe(SpeculationRound round, double time)
    {
        ulong asked = Asked(round) | round.Ran;
        _ran = round.Ran;
        _away = _away & ~asked | asked & ~_ran;
        for (int i = 0; i < _times.Length; i++)
            _times[i] = (asked >> i & 1) != 0 ? 0 : _times[i] + time;
        for (ulong rest = _ran; rest != 0; rest &= rest - 1)
        {
            int draft = BitOperations.TrailingZeroCount(rest);
            _seen[draft] = round.ContextLength;
            if (round.Plan.TokensToScore > 0 && round.Drafts[draft].NewTokens > 1)
                _silent = round.Drafts[draft].Scored == 0 ? _silent | 1UL << draft : _silent & ~(1UL << draft);
        }
    }
}
