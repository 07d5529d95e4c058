namespace Minions.Core.Generation;

/// <summary>What a request is promised about its numbers.</summary>
public enum DecodingMode
{
    /// <summary>
    /// No target run is one row wide, so that the text is the same, bit for bit, with speculation on and off, alone or among other requests
    /// (where the pipeline's <see cref="Verification.Exactness"/> is guaranteed).
    /// </summary>
    BitIdentical,

    /// <summary>
    /// Runs of one row are allowed, which saves some percent in plain decoding. Their sums round differently, so texts may differ between
    /// runs of different widths: no promise.
    /// </summary>
    Fastest,
}
