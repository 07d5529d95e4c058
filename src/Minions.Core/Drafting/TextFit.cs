namespace Minions.Core.Drafting;

/// <summary>How likely a draft held the ids of a text that it read, each behind those before it.</summary>
internal struct TextFit
{
    /// <summary>The ids that tell drafts for one kind of text from those for another; with fewer, chance decides.</summary>
    public const int LeastIds = 16;

    /// <summary>As many tell nearly all that a text can tell.</summary>
    public const int MostIds = 32;

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
