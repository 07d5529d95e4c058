namespace Minions.Core.Pipeline;

/// <summary>What a load has come to, as <see cref="SpeculativePipeline.LoadAsync(IProgress{LoadProgress}, CancellationToken)"/> reports it. Equal when all members are.</summary>
public sealed record LoadProgress
{
    /// <summary>What is going on.</summary>
    public required LoadPhase Phase { get; init; }

    /// <summary>The full path of the file that is opened or was; <see langword="null"/> in phases that concern none.</summary>
    public string? File { get; init; }

    /// <summary>The size of <see cref="File"/> in bytes, 0 without one.</summary>
    public long Bytes { get; init; }

    /// <summary>The bytes of all files that are opened so far.</summary>
    public long LoadedBytes { get; init; }

    /// <summary>
    /// The bytes of all files that the load is known to need so far. Models load side by side and each names its files at its beginning, so it grows
    /// during the first reports.
    /// </summary>
    public long TotalBytes { get; init; }
}
