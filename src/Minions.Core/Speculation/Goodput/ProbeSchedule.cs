using System.Numerics;

namespace Minions.Core.Speculation.Goodput;

/// <summary>
/// When a request has a look at drafts that do not run: a probe takes in what the draft missed, which shows how it would have done on all of that. The
/// time for it is a share of all requests' time, the rounds in between double.
/// </summary>
/// <param name="shared">Whose time it is.</param>
internal sealed class ProbeSchedule(SpeculationKnowledge shared)
{
    private readonly int[] _gaps = [.. Enumerable.Repeat(shared.Tuning.FirstProbeGap, shared.Drafts)];
    private readonly int[] _skipped = new int[shared.Drafts];
    private readonly int[] _seen = new int[shared.Drafts];

    /// <summary>Chooses the draft to probe in a round, and pays for it.</summary>
    /// <param name="candidates">The drafts that would not run, one bit each.</param>
    /// <param name="contextLength">The ids committed so far.</param>
    /// <param name="together">Whether they can only run all together.</param>
    /// <returns>One bit a draft, or 0.</returns>
    public ulong ChooseNeedsLock(ulong candidates, int contextLength, bool together)
    {
        int chosen = -1;
        for (ulong rest = candidates; rest != 0; rest &= rest - 1)
        {
            int draft = BitOperations.TrailingZeroCount(rest);
            if (Overdue(draft) >= 0 && (chosen < 0 || Overdue(draft) > Overdue(chosen)))
                chosen = draft;
        }

        if (chosen < 0)
            return 0;

        ulong probe = together ? candidates : 1UL << chosen;
        double price = CatchUpTime(probe, contextLength) + shared.Costs.Step(probe) * (1 + shared.Costs.Start);

        // The longer a draft rests, the more it has to catch up with, maybe faster than time is saved: what a probe costs beyond one run is paid later.
        if (shared.ProbeBalance < Math.Min(price, 1))
            return 0;

        shared.SpendOnProbe(price);
        _gaps[chosen] = Math.Min(_gaps[chosen] * 2, shared.Tuning.LastProbeGap);
        return probe;
    }

    /// <summary>What the drafts of a set take to catch up with the text, side by side.</summary>
    public double CatchUpTime(ulong drafts, int contextLength)
    {
        double time = 0;
        for (ulong rest = drafts; rest != 0; rest &= rest - 1)
        {
            // A draft that ran in the last round has that round's ids to take in, which is in its steps.
            int draft = BitOperations.TrailingZeroCount(rest);
            if (_skipped[draft] > 0 || _seen[draft] == 0)
                time = Math.Max(time, (contextLength - _seen[draft]) * CostModel.CatchUp * shared.Costs.Step(1UL << draft));
        }

        return time;
    }

    /// <summary>Notes which drafts ran in a round.</summary>
    public void Observe(ulong ran, int contextLength)
    {
        for (int i = 0; i < _skipped.Length; i++)
        {
            bool runs = (ran >> i & 1) != 0;
            _skipped[i] = runs ? 0 : _skipped[i] + 1;
            _seen[i] = runs ? contextLength : _seen[i];
        }
    }

    private int Overdue(int draft) => _skipped[draft] - _gaps[draft];
}
