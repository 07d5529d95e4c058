using Microsoft.Extensions.Logging;

namespace Minions.Core.Diagnostics;

internal static partial class LogMessages
{
    [LoggerMessage(1, LogLevel.Warning, "Draft '{Draft}' failed (fault {Faults} of this request) and is left out of the vote for some rounds.")]
    public static partial void DraftFailed(ILogger logger, string draft, int faults, Exception fault);

    [LoggerMessage(2, LogLevel.Warning, "Target '{Target}' does not compute bit-identical results here, so texts may differ with and without speculation: {Reason}")]
    public static partial void NotExact(ILogger logger, string target, string? reason);

    [LoggerMessage(4, LogLevel.Warning, "Freeing what a request held failed; the request itself is not affected.")]
    public static partial void CleanUpFailed(ILogger logger, Exception fault);

    [LoggerMessage(5, LogLevel.Warning, "A call of draft '{Draft}' has not returned within {Limit}: rounds go on without the draft until it does.")]
    public static partial void DraftHangs(ILogger logger, string draft, TimeSpan limit);

    [LoggerMessage(6, LogLevel.Warning, "A call of draft '{Draft}' did not return within {Limit} of being told to stop: the pipeline ends without it, and what the call holds is freed when it returns.")]
    public static partial void DraftLeftBehind(ILogger logger, string draft, TimeSpan limit);

    [LoggerMessage(3, LogLevel.Error, "A stage of the pipeline failed unexpectedly; the requests it held end with the error.")]
    public static partial void StageFailed(ILogger logger, Exception fault);

    [LoggerMessage(7, LogLevel.Debug, "The pipeline warmed up in {Seconds:0.00} seconds.")]
    public static partial void WarmedUp(ILogger logger, double seconds);

    [LoggerMessage(8, LogLevel.Warning, "Warming up failed; requests may meet the same fault.")]
    public static partial void WarmUpFailed(ILogger logger, Exception fault);

    [LoggerMessage(12, LogLevel.Warning, "Reporting the progress of a load failed; the load goes on.")]
    public static partial void LoadListenerFailed(ILogger logger, Exception fault);

    [LoggerMessage(9, LogLevel.Warning, "The knowledge is ignored: {Reason}.")]
    public static partial void KnowledgeIgnored(ILogger logger, string reason);

    [LoggerMessage(11, LogLevel.Debug, "A request's reference texts have no effect: no draft of the pipeline uses them. An n-gram draft does.")]
    public static partial void ReferencesUnused(ILogger logger);

    [LoggerMessage(10, LogLevel.Warning, "Stop sequence '{Sequence}' may never end a text: {Reason}.")]
    public static partial void StopSequenceCannotOccur(ILogger logger, string sequence, string reason);
}
