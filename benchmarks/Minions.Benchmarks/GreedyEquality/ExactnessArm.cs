namespace Minions.Benchmarks.GreedyEquality;

/// <summary>A way to speculate whose texts are held against those of plain decoding.</summary>
internal sealed record ExactnessArm(int Drafts, int Length)
{
    /// <summary>Without drafts the length has no effect, so that one runs once.</summary>
    public static IReadOnlyList<ExactnessArm> All { get; } =
        [new(0, 0), .. new[] { 1, 3 }.SelectMany(drafts => new[] { 1, 2, 4, 8 }.Select(length => new ExactnessArm(drafts, length)))];

    public override string ToString() => Drafts == 0 ? "0 drafts" : $"{Drafts} draft{(Drafts == 1 ? "" : "s")}, length {Length}";
}
