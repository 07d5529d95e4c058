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

    [LoggerMessage(3, LogLevel.Error, "A stage of the pipeline failed unexpectedly; the requests it held end with the error.")]
    public static partial void StageFailed(ILogger logger, Exception fault);
}
