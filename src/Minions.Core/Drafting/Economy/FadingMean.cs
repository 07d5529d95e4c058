namespace Minions.Core.Drafting.Economy;

/// <summary>Mean and spread of a quantity whose old samples fade.</summary>
internal struct FadingMean
{
    private double _sum;
    private double _squares;

    /// <summary>How many fresh samples the remembered ones are worth.</summary>
    public double Count { get; private set; }

    /// <summary>0 without samples.</summary>
    public readonly double Mean => Count > 0 ? _sum / Count : 0;

    /// <summary>The variance of the samples, as if one more had been 1 off their mean: a few equal samples are not yet certainty.</summary>
    public readonly double Variance => (Math.Max(0, _squares - _sum * Mean) + 1) / (Count + 1);

    /// <summary>The standard error of the mean.</summary>
    public readonly double Error => Math.Sqrt(Variance / (Count + 1));

    /// <summary>Adds a sample, after the others have faded by <paramref name="forgetting"/>.</summary>
    public void Add(double sample, double forgetting)
    {
        _sum = _sum * forgetting + sample;
        _squares = _squares * forgetting + sample * sample;
        Count = Count * forgetting + 1;
    }

    /// <summary>Lets the samples count as no more than this many.</summary>
    public void Weaken(double count)
    {
        if (Count <= count)
            return;

        double scale = count / Count;
        (_sum, _squares, Count) = (_sum * scale, _squares * scale, count);
    }

    /// <summary>Adds a constant to every sample.</summary>
    public void Shift(double by)
    {
        _squares += by * (2 * _sum + by * Count);
        _sum += by * Count;
    }
}
