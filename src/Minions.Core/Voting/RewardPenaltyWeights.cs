namespace Minions.Core.Voting;

/// <summary>
/// The weights of one request's drafts by the rule of Minions (arXiv 2402.15678, section 4.1): after a verification, a draft whose chain
/// was checked is rewarded when its mean acceptance lies above a threshold and penalised when not. The paper states no constants; these
/// move a weight by a tenth, so that some rounds of evidence outvote a single draft but no run of bad luck silences one for good.
/// </summary>
internal sealed class RewardPenaltyWeights : IDraftWeights
{
    internal const double Reward = 1.1;
    internal const double Penalty = 0.9;
    internal const double Threshold = 0.5;
    internal const double Floor = 0.1;
    internal const double Ceiling = 10;

    private readonly double[] _weights;
    private readonly int[] _checked;
    private readonly int[] _accepted;

    public RewardPenaltyWeights(int drafts)
    {
        _weights = new double[drafts];
        _checked = new int[drafts];
        _accepted = new int[drafts];
        Array.Fill(_weights, 1);
    }

    public ReadOnlySpan<double> Values => _weights;

    /// <summary>Learns from the chain, for every draft that had proposed it from its first id to its last.</summary>
    public void Learn(RoundScore score, ReadOnlySpan<int> agreement, int chainLength, int accepted)
    {
        for (int i = 0; i < _weights.Length; i++)
        {
            if (chainLength > 0 && agreement[i] >= chainLength)
                Observe(i, chainLength, accepted);
        }
    }

    /// <summary>Learns from a chain that this draft had proposed.</summary>
    /// <param name="draft">The draft's index.</param>
    /// <param name="checkedTokens">The ids of the chain, at least 1.</param>
    /// <param name="accepted">How many of them the target chose too.</param>
    public void Observe(int draft, int checkedTokens, int accepted)
    {
        _checked[draft] += checkedTokens;
        _accepted[draft] += accepted;
        double mean = (double)_accepted[draft] / _checked[draft];
        double changed = _weights[draft] * (mean > Threshold ? Reward : Penalty);
        _weights[draft] = Math.Clamp(changed, Floor, Ceiling);
    }
}
