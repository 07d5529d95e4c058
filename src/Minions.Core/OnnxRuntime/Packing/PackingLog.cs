using Microsoft.Extensions.Logging;

namespace Minions.Core.OnnxRuntime.Packing;

internal static partial class PackingLog
{
    [LoggerMessage(20, LogLevel.Information, "Model '{Model}' concatenates its KV cache in every run instead of appending in place, which is slower: {Reason}.")]
    public static partial void ConcatenatesCaches(ILogger logger, string model, string? reason);

    [LoggerMessage(21, LogLevel.Information, "Model '{Model}' runs requests one after another instead of together: {Reason}.")]
    public static partial void RunsOneByOne(ILogger logger, string model, string reason);

    [LoggerMessage(22, LogLevel.Warning, "Model '{Model}' does without runs of {Slots} requests: {Reason}")]
    public static partial void SizeRefused(ILogger logger, string model, int slots, string reason);
}
