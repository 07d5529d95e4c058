using Microsoft.Extensions.Logging;

namespace Minions.Core.OnnxRuntime.Sessions;

internal static partial class SessionLog
{
    [LoggerMessage(Level = LogLevel.Information, Message = "Model {Model} runs on the CPU: {Reason}")]
    public static partial void RunsOnCpu(ILogger logger, string model, string reason);
}
