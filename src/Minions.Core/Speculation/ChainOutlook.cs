namespace Minions.Core.Speculation;

/// <summary>What this round's proposals say about the chain that the vote chose, before the target checks it.</summary>
public readonly ref struct ChainOutlook
{
    /// <summary>Makes the outlook of a chain.</summary>
    /// <param name="probabilities">One for each id of the chain, see <see cref="Probabilities"/>.</param>
    /// <param name="support">One for each id of the chain, see <see cref="Support"/>.</param>
    /// <exception cref="ArgumentException">The two differ in length.</exception>
    public ChainOutlook(ReadOnlySpan<float> probabilities, ReadOnlySpan<float> support)
    {
        if (probabilities.Length != support.Length)
            throw new ArgumentException($"There are {probabilities.Length} probabilities but {support.Length} shares of support.", nameof(support));

        Probabilities = probabilities;
        Support = support;
    }

    /// <summary>The number of ids on the chain.</summary>
    public int Length => Probabilities.Length;

    /// <summary>
    /// For each id, the weighted mean of the probabilities that it has by the drafts that proposed the chain up to it, in [0, 1];
    /// <see cref="float.NaN"/> where none of them gave one.
    /// </summary>
    public ReadOnlySpan<float> Probabilities { get; }

    /// <summary>
    /// For each id, the share of the weight of all drafts that proposed anything which lies with those that proposed the chain up to it, in
    /// (0, 1]; 1 means that all agree. Behind the voted chain, the share of the draft that went on there.
    /// </summary>
    public ReadOnlySpan<float> Support { get; }

    /// <summary>A part of the chain from its first id on.</summary>
    /// <param name="start">0.</param>
    /// <param name="length">The ids of the part.</param>
    internal ChainOutlook Slice(int start, int length) => new(Probabilities.Slice(start, length), Support.Slice(start, length));
}
