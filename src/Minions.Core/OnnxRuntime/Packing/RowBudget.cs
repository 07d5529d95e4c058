using Minions.Core.OnnxRuntime.Decoding;

namespace Minions.Core.OnnxRuntime.Packing;

/// <summary>
/// How many rows each request gets of a run. Verifications and other requests with few rows left are run whole; long prompts share what
/// remains, so that they hold the others up for no longer than a chunk takes.
/// </summary>
internal static class RowBudget
{
    /// <summary>The rows of a run that long prompts fill it up to.</summary>
    public const int Rows = 2 * OnnxDecoder.PrefillChunk;

    /// <summary>Up to this many rows are run at once, whatever else is in the run.</summary>
    public const int MaxWholeRows = 32;

    /// <summary>What a long prompt gets at least: fewer rows cost as much as these.</summary>
    public const int MinShare = 8;

    /// <summary>The most rows of each long prompt.</summary>
    /// <param name="wholeRows">The rows of all requests that are run whole.</param>
    /// <param name="longPrompts">How many requests have more than <see cref="MaxWholeRows"/> rows left.</param>
    public static int ShareOf(int wholeRows, int longPrompts) =>
        longPrompts == 0 ? OnnxDecoder.PrefillChunk : Math.Clamp((Rows - wholeRows) / longPrompts, MinShare, OnnxDecoder.PrefillChunk);
}
