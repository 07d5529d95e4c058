namespace Minions.Benchmarks.Micro;

/// <summary>Ids that repeat themselves in part, as texts do.</summary>
internal static class RepeatingText
{
    /// <summary>Frequent and rare phrases in random order.</summary>
    public static int[] Write(int length)
    {
        var random = new Random(1);
        int[][] phrases = [.. Enumerable.Range(0, 500).Select(_ => Enumerable.Range(0, random.Next(2, 30)).Select(_ => random.Next(20_000)).ToArray())];
        var text = new List<int>();
        while (text.Count < length)
            text.AddRange(phrases[(int)(phrases.Length * Math.Pow(random.NextDouble(), 3))]);
        return [.. text.Take(length)];
    }
}
