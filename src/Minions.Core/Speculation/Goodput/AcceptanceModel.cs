using System.Numerics;

namespace Minions.Core.Speculation.Goodput;

/// <summary>
/// How far one request's chains are expected to be accepted, for every set of drafts that is worth a look and every length: counts of this
/// text's agreements over what other requests' texts showed.
/// </summary>
internal sealed class AcceptanceModel
{
    /// <summary>The most sets that are compared.</summary>
    public const int MaxSets = 16;

    private readonly SpeculationKnowledge _shared;
    private readonly AgreementWindow _window = new(SpeculationTuning.OwnPositions);
    private readonly SurvivalCounts _counts;
    private readonly double[] _prior;
    private readonly double[] _survival;
    private readonly ulong[] _sets = new ulong[MaxSets];
    private readonly int _lengths;
    private readonly int _drafts;
    private int _published;

    public AcceptanceModel(SpeculationKnowledge shared, int drafts, int lengths)
    {
        (_shared, _drafts, _lengths) = (shared, drafts, lengths);
        _counts = new SurvivalCounts(MaxSets, lengths);
        _prior = new double[MaxSets * lengths];
        _survival = new double[MaxSets * lengths];
    }

    public AgreementWindow Window => _window;

    /// <summary>The sets that are compared, one bit a draft.</summary>
    public ReadOnlySpan<ulong> Sets => _sets.AsSpan(0, Count);

    private int Count { get; set; }

    /// <summary>Starts behind a prompt.</summary>
    public void Begin(int position)
    {
        _window.Begin(position);
        _published = position;
    }

    /// <summary>Takes over what is known of other requests. The caller holds the lock.</summary>
    public void Refresh()
    {
        ChooseSets();
        _shared.Window.Count(Sets, 1, _counts);
        for (int set = 0; set < Count; set++)
        {
            double before = SpeculationTuning.FirstAcceptance;
            ReadOnlySpan<double> tried = _counts.Tried(set), right = _counts.Right(set);
            for (int i = 0; i < _lengths; i++)
                _prior[set * _lengths + i] = before = (right[i] + SpeculationTuning.NeighbourTrials * before) / (tried[i] + SpeculationTuning.NeighbourTrials);
        }
    }

    /// <summary>Brings the estimates up to date.</summary>
    public void Estimate()
    {
        _window.Count(Sets, SpeculationTuning.OwnDecay, _counts);
        for (int set = 0; set < Count; set++)
        {
            ReadOnlySpan<double> tried = _counts.Tried(set), right = _counts.Right(set);
            Span<double> prior = _prior.AsSpan(set * _lengths, _lengths);
            Span<double> survival = _survival.AsSpan(set * _lengths, _lengths);

            // This text's agreements move all lengths together as far as they say the same, and each by itself beyond that.
            double surprise = 0, trials = SpeculationTuning.PriorTrials;
            for (int i = 0; i < _lengths; i++)
            {
                surprise += right[i] - prior[i] * tried[i];
                trials += tried[i];
            }

            double survives = 1;
            for (int i = 0; i < _lengths; i++)
            {
                double shifted = Math.Clamp(prior[i] + surprise / trials, 0.001, 0.999);
                survives *= (right[i] + SpeculationTuning.PriorTrials * shifted) / (tried[i] + SpeculationTuning.PriorTrials);
                survival[i] = survives;
            }
        }

        // The vote does not find the best of several drafts in every round: it gets a share of what that would add to the best one alone.
        for (int set = 0; set < Count; set++)
        {
            if (BitOperations.PopCount(_sets[set]) == 1)
                continue;

            Span<double> survival = _survival.AsSpan(set * _lengths, _lengths);
            int best = BestSingle(_sets[set]);
            if (best < 0)
                continue;
            ReadOnlySpan<double> single = Survival(best);
            for (int i = 0; i < _lengths; i++)
                survival[i] = single[i] + _shared.VoteShare * Math.Max(0, survival[i] - single[i]);
        }
    }

    /// <summary>For each length, how likely a chain of the set's drafts is right to its end.</summary>
    public ReadOnlySpan<double> Survival(int set) => _survival.AsSpan(set * _lengths, _lengths);

    public int IndexOf(ulong set) => Sets.IndexOf(set);

    /// <summary>The best draft of a set by itself; the index of its own set.</summary>
    public int BestSingle(ulong set)
    {
        int best = -1;
        for (int i = 0; i < Count; i++)
        {
            if (BitOperations.PopCount(_sets[i]) == 1 && (_sets[i] & set) != 0 && (best < 0 || Mean(i) > Mean(best)))
                best = i;
        }

        return best;
    }

    /// <summary>Passes on what is new. The caller holds the lock.</summary>
    public void Publish() => _published = _shared.Window.Append(_window, _published);

    private double Mean(int set)
    {
        double sum = 0;
        for (int i = 0; i < Math.Min(4, _lengths); i++)
            sum += _survival[set * _lengths + i];
        return sum;
    }

    private void ChooseSets()
    {
        // TODO more than four
        Count = (1 << _drafts) - 1;
        for (int i = 0; i < Count; i++)
            _sets[i] = (ulong)i + 1;
    }
}
