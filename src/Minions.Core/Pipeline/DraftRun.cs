namespace Minions.Core.Pipeline;

/// <summary>What drafting took in a round, for all requests that were drafted for together.</summary>
/// <param name="Time">How long, the votes included.</param>
/// <param name="Slots">How many requests those were.</param>
/// <param name="Steps">The length of their longest proposal.</param>
internal readonly record struct DraftRun(TimeSpan Time, int Slots, int Steps)
{
    /// <summary>A round without drafting.</summary>
    public static DraftRun None { get; } = new(TimeSpan.Zero, 1, 0);
}
