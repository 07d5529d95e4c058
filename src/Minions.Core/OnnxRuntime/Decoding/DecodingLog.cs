using Microsoft.Extensions.Logging;

namespace Minions.Core.OnnxRuntime.Decoding;

internal static partial class DecodingLog
{
    [LoggerMessage(20, LogLevel.Information, "Model '{Model}' hands its cache from run to run instead of appending in place, which is slower: {Reason}.")]
    public static partial void HandsCachesOn(ILogger logger, string model, string? reason);
}
