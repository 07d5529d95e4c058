namespace Minions.Core.Drafting;

/// <summary>How likely a draft held the ids of a text that it read, each behind those before it.</summary>
internal struct TextFit
{
    private double _sum;

    /// <summary>The number of ids.</summary>
    public int Ids { get; private set; }

    /// <summary>The mean of their probabilities, in [0, 1]; 0 without any.</summary>
    public readonly double Mean => Ids > 0 ? _sum / Ids : 0;

    public void Add(float probability)
    {
        _sum += probability;
        Ids++;
    }
}
