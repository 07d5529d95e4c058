namespace Minions.Core.Voting;

/// <summary>
/// The weights of one request's drafts from full information: every draft that proposed is scored on the verified text, whose chain ever was
/// checked (after HedgeSpec, arXiv 2510.20064), because the committed ids are the target's own choices and cost nothing more to compare with.
/// </summary>
/// <remarks>
/// <para>
/// A weight is the draft's agreement rate to the power of <see cref="Sharpness"/>, relative to the best draft's: exponential weights over
/// the logarithm of the rate, which does not depend on the speculation length. The rate is that of <see cref="RoundScore"/>, a mean over
/// evaluated ids whose influence fades by <see cref="Forgetting"/> a round. It starts from the pipeline's <see cref="WeightPrior"/>, which
/// counts as much as <see cref="PriorIds"/> ids: little enough for two or three rounds to tell which kind of text this is.
/// </para>
/// <para>
/// The constants are not delicate: on two families of models, with sharpness 4 to 12, forgetting 0.9 to 0.95 and lengths 2 to 8, tokens per
/// target run move by less than 1 %.
/// </para>
/// </remarks>
internal sealed class FullInformationWeights : IDraftWeights
{
    internal const double Sharpness = 8;
    internal const double Forgetting = 0.95;
    internal const double PriorIds = 4;
    internal const double Floor = 1e-3;
    internal const double Ceiling = 1;

    private readonly WeightPrior _prior;
    private readonly double[] _weights;
    private readonly double[] _start;
    private readonly double[] _agreed;
    private readonly double[] _evaluated;
    private readonly long[] _allAgreed;
    private readonly long[] _allEvaluated;

    public FullInformationWeights(int drafts, WeightPrior prior)
    {
        _prior = prior;
        _weights = new double[drafts];
        _start = new double[drafts];
        _agreed = new double[drafts];
        _evaluated = new double[drafts];
        _allAgreed = new long[drafts];
        _allEvaluated = new long[drafts];
        prior.CopyRates(_start);
        Update();
    }

    public ReadOnlySpan<double> Values => _weights;

    public void Learn(RoundScore score, ReadOnlySpan<int> agreement, int chainLength, int accepted)
    {
        for (int i = 0; i < _weights.Length; i++)
        {
            // What a draft showed before a rest fades as well, so that it comes back with what is known of it in general.
            _agreed[i] = _agreed[i] * Forgetting + score.Agreed[i];
            _evaluated[i] = _evaluated[i] * Forgetting + score.Evaluated[i];
            _allAgreed[i] += score.Agreed[i];
            _allEvaluated[i] += score.Evaluated[i];
        }

        Update();
    }

    public void Publish() => _prior.Absorb(_allAgreed, _allEvaluated);

    private void Update()
    {
        double best = 0;
        for (int i = 0; i < _weights.Length; i++)
        {
            _weights[i] = (_start[i] * PriorIds + _agreed[i]) / (PriorIds + _evaluated[i]);
            best = Math.Max(best, _weights[i]);
        }

        foreach (ref double weight in _weights.AsSpan())
            weight = Math.Clamp(Math.Pow(weight / best, Sharpness), Floor, Ceiling);
    }
}
