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

    [LoggerMessage(25, LogLevel.Warning, "Model '{Model}' is configured with a sliding window of {Window}, but the windows in its graph are: {Windows}. The graph's are used; if its texts are poor, configuration and graph are of two models.")]
    public static partial void WindowsDiffer(ILogger logger, string model, int window, string windows);

    [LoggerMessage(26, LogLevel.Warning, "Model '{Model}' is configured with a context of {Configured} tokens, but its graph has rotary positions for {Held}: texts end there.")]
    public static partial void ContextIsShorter(ILogger logger, string model, int configured, int held);
}
