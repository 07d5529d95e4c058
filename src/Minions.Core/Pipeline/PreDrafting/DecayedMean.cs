namespace Minions.Core.Pipeline.PreDrafting;

/// <summary>Mean and spread of a quantity whose old samples fade.</summary>
internal struct DecayedMean
{
    private double _sum;
    private double _squares;

    /// <summary>How many fresh samples the remembered ones are worth.</summary>
    public double Count { get; private set; }

    /// <summary>0 without samples.</summary>
    public readonly double Mean => Count > 0 ? _sum / Count : 0;

    /// <summary>The variance of the samples.</summary>
    /// <param name="doubt">How far off their mean one more sample is taken to be: a few equal samples are not yet certainty.</param>
    public readonly double Variance(double doubt) => (Math.Max(0, _squares - _sum * Mean) + doubt * doubt) / (Count + 1);

    /// <summary>The standard error of the mean.</summary>
    /// <param name="doubt">As for <see cref="Variance"/>.</param>
    public readonly double Error(double doubt) => Math.Sqrt(Variance(doubt) / (Count + 1));

    /// <summary>Adds a sample, after the others have faded by <paramref name="decay"/>.</summary>
    public void Add(double sample, double decay)
    {
        _sum = _sum * decay + sample;
        _squares = _squares * decay + sample * sample;
        Count = Count * decay + 1;
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
