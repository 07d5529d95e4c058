using System.Globalization;

namespace Minions.Benchmarks.Packing;

/// <summary>The process's resident memory, by what is behind it. Known on Linux only.</summary>
/// <param name="Anonymous">Bytes of its own.</param>
/// <param name="Mapped">Bytes of files.</param>
internal readonly record struct ResidentMemory(long Anonymous, long Mapped)
{
    private const string Source = "/proc/self/smaps_rollup";

    public long Total => Anonymous + Mapped;

    public static ResidentMemory? Measure()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        if (!File.Exists(Source))
            return null;

        var values = File.ReadLines(Source).Where(line => line.EndsWith(" kB", StringComparison.Ordinal))
            .Select(line => line.Split(':', 2))
            .ToDictionary(parts => parts[0], parts => long.Parse(parts[1].AsSpan(0, parts[1].Length - 3).Trim(), CultureInfo.InvariantCulture) * 1024);
        return new ResidentMemory(values["Anonymous"], values["Rss"] - values["Anonymous"]);
    }
}
