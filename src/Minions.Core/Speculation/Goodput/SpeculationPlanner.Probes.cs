using System.Numerics;
using Minions.Core.Drafting;

namespace Minions.Core.Speculation.Goodput;

/// <content>
/// Which drafts that rest are probed: read what they missed, which shows what they would have chosen there, and guess one id that has no vote. A probe is
/// worth what a draft may well turn out to add in the rounds to come.
/// </content>
internal sealed partial class SpeculationPlanner
{
    // Of what was hoped, the share from which on a lead is no chance.
    private const double LeastBrought = 0.25;

    private readonly double[] _hoped;
    private readonly double[] _hopes;
    private ulong _probed;

    // The drafts at rest that are worth a probe. The worthiest pays for a round of its own, the others for what they add to it.
    private ulong ProbeNeedsLock(in Choice best, int most, in RoundOutlook outlook)
    {
        Span<double> worths = stackalloc double[AcceptanceModel.MaxSets];
        ulong chosen = 0;
        double worthiest = 1;
        for (int set = 0; set < _acceptance.Sets.Length && most > 0; set++)
        {
            ulong drafts = ProbedOf(set);
            if (!_acceptance.IsAlone(set) || (drafts & best.Drafts) != 0 || !outlook.Drafts.Includes(_acceptance.Sets[set]))
                continue;

            worths[set] = WorthOfProbeNeedsLock(set, drafts, best, most, outlook);
            double worth = Math.Max(worths[set], AffordableNeedsLock(set, drafts, outlook));
            if (worth > worthiest)
                (worthiest, chosen) = (worth, drafts);
        }

        for (int set = 0; set < _acceptance.Sets.Length && chosen != 0; set++)
            chosen |= worths[set] > _shared.Costs.Share ? ProbedOf(set) : 0;
        return chosen;
    }

    private ulong ProbedOf(int set) => _limits.RunsAllDrafts ? _acceptance.Sets[set] : 1UL << _acceptance.DraftOf(set);

    // What a draft may well turn out to add in the rounds to come, in times of what the probe costs.
    private double WorthOfProbeNeedsLock(int set, ulong drafts, in Choice best, int most, in RoundOutlook outlook)
    {
        int draft = _acceptance.DraftOf(set), missed = Missed(draft, outlook);
        if (missed < _tuning.ProbeGap || _rests.IsAway(draft))
            return 0;

        // What a draft takes at first, and how right it is, says little.
        if (!_shared.Costs.IsKnown(drafts))
            return double.MaxValue;

        _hopes[draft] = Math.Max(0, HopedNeedsLock(set, draft, missed, most) - best.Value);
        double gain = _shared.Hope(draft) * _hopes[draft] * Math.Min(outlook.Remaining, _tuning.OwnPositions) / best.Tokens;
        return gain / (_cost.Rate * TimeOfProbe(drafts, outlook));
    }

    // Who never seems worth a probe gets one of the time that has passed, in times of what it costs.
    private double AffordableNeedsLock(int set, ulong drafts, in RoundOutlook outlook)
    {
        int draft = _acceptance.DraftOf(set);
        double saved = Math.Max(_rests.TimeSince(draft) * _tuning.ProbeShare, _shared.TimeSince(draft) * _tuning.LastingProbeShare);
        return Missed(draft, outlook) < _tuning.ProbeGap ? 0 : saved / _acceptance.WeighedCount / TimeOfProbe(drafts, outlook);
    }

    private double TimeOfProbe(ulong drafts, in RoundOutlook outlook) =>
        _rests.CatchUpTime(drafts, outlook.ContextLength) + _shared.Costs.Step(drafts) * (1 + _shared.Costs.Start);

    // The ids of the answer that a probe would tell about.
    private int Missed(int draft, in RoundOutlook outlook) =>
        Math.Min(outlook.ContextLength - Math.Max(_rests.SeenBy(draft), _begin), DraftRequest.MaxTokensToScore);

    // What a round would be worth with a draft at rest, were it as much better than thought as a probe may well show.
    private double HopedNeedsLock(int set, int draft, int missed, int most)
    {
        ReadOnlySpan<double> survival = _acceptance.Survival(set);
        double mean = survival[0], known = _shared.Texts.Trials + _acceptance.Window.Count(draft).Known * double.Exp2(-missed / _tuning.HalfLife);
        double news = _rests.Scores(draft) ? missed : 1;
        double deviation = Math.Sqrt(mean * (1 - mean) / (known + 1) * news / (news + known));
        double rejected = Math.Max(0.01, 1 - mean - _tuning.Hope * deviation) / (1 - mean), before = 1, survives = 1;
        for (int i = 0; i < survival.Length; i++)
        {
            survives *= 1 - (1 - survival[i] / before) * rejected;
            before = survival[i];
            _hoped[i] = survives;
        }

        Choice choice = new(0, 0, double.NegativeInfinity, 0, 0);
        ConsiderNeedsLock(_acceptance.Sets[set], _hoped, 0, 1, most, ref choice);
        return choice.Value;
    }

    // What the probes of the last round brought: what the best choice is worth more than the best one without their drafts.
    private void LearnHopeNeedsLock(in Choice best, in Choice other)
    {
        for (ulong rest = _probed; rest != 0; rest &= rest - 1)
        {
            int draft = BitOperations.TrailingZeroCount(rest);
            double brought = (best.Drafts >> draft & 1) != 0 ? best.Value - other.Value : 0;

            // Who leads by little leads by chance.
            _shared.LearnHope(draft, brought > LeastBrought * _hopes[draft] ? brought : 0, _hopes[draft]);
        }
    }
}
