namespace Minions.TestDoubles;

/// <summary>Functions from a prefix to its next id.</summary>
public static class Tables
{
    public const int Vocabulary = 16;

    /// <summary>A text that looks random but is the same every time: the next id depends on the last three and the length.</summary>
    public static int Scrambled(ReadOnlySpan<int> prefix) => Hash(prefix, 17) % Vocabulary;

    /// <summary>Agrees with <see cref="Scrambled"/> in a share of the positions, which ones being a matter of the seed.</summary>
    public static Func<ReadOnlySpan<int>, int> MostlyRight(int percent, int seed) => prefix =>
        Hash(prefix, seed) % 100 < percent ? Scrambled(prefix) : Hash(prefix, seed + 1) % Vocabulary;

    private static int Hash(ReadOnlySpan<int> prefix, int seed)
    {
        uint hash = (uint)(seed * 2654435761u) ^ (uint)prefix.Length;
        foreach (int id in prefix[Math.Max(0, prefix.Length - 3)..])
            hash = (hash ^ (uint)id) * 16777619u;
        return (int)((hash ^ hash >> 15) & 0x7fffffff);
    }
}
