namespace Minions.Core.OnnxRuntime.Decoding;

/// <summary>
/// Intra-op threads for the models of a pipeline taken together. The target uses every processor while it runs. Drafts are too small to
/// gain from several threads, but several drafts run side by side, one thread each; a session of one thread has no pool whose spinning
/// could take time from the target's.
/// </summary>
internal static class ThreadBudget
{
    public static int Target => Environment.ProcessorCount;

    public static int Draft => 1;

    /// <summary>
    /// A head runs while everything else waits for it, so it takes the processors that the target rests on; one layer has work for a few.
    /// </summary>
    public static int Head => Math.Min(4, Environment.ProcessorCount);
}
