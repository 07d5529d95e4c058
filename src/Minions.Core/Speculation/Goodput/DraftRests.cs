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

    /// <summary>The ids of the text, from its first, that a draft has read.</summary>
    public int SeenBy(int draft) => _seen[draft];

    /// <summary>What the drafts of a set take to catch up with the text, side by side.</summary>
    public double CatchUpTime(ulong drafts, int contextLength)
    {
        double time = 0;

        // A draft that ran in the last round has that round's ids to take in, which is in its steps.
        for (ulong rest = drafts & ~_ran; rest != 0; rest &= rest - 1)
        {
            int draft = BitOperations.TrailingZeroCount(rest);
            time = Math.Max(time, (contextLength - _seen[draft]) * shared.Costs.CatchUp * shared.Costs.Step(1UL << draft));
        }

        return time;
    }

    /// <summary>The time since a draft ran in this text, or since the text began.</summary>
    public double TimeSince(int draft) => _times[draft];

    /// <summary>Whether a draft tells what it would have chosen where it did not run, as far as is known.</summary>
    public bool Scores(int draft) => (_silent >> draft & 1) == 0;

    /// <summary>Notes which drafts ran in a round.</summary>
    /// <param name="round">The round.</param>
    /// <param name="time">What it took.</param>
    public void Observe(SpeculationRound round, double time)
    {
        _ran = round.Ran;
        for (int i = 0; i < _times.Length; i++)
            _times[i] = (_ran >> i & 1) != 0 ? 0 : _times[i] + time;
        for (ulong rest = _ran; rest != 0; rest &= rest - 1)
        {
            int draft = BitOperations.TrailingZeroCount(rest);
            _seen[draft] = round.ContextLength;
            if (round.Plan.TokensToScore > 0 && round.Drafts[draft].NewTokens > 1)
                _silent = round.Drafts[draft].Scored == 0 ? _silent | 1UL << draft : _silent & ~(1UL << draft);
        }
    }
}
