using Microsoft.Extensions.Logging;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace Minions.Core.OnnxRuntime.Sessions;

internal static partial class SessionLog
{
    [LoggerMessage(31, LogLevel.Information, "Model {Model} runs on the CPU: {Reason}")]
    public static partial void RunsOnCpu(ILogger logger, string model, string reason);

    [LoggerMessage(29, LogLevel.Information, "Model {Model}: the CUDA options {Options} of its genai_config.json are not used: graphs are not captured here, and addresses cannot come from a file")]
    public static partial void IgnoresOptions(ILogger logger, string model, string options);

    [LoggerMessage(30, LogLevel.Warning, "Model {Model} runs on {Device}, but its attention on the CPU, with states of {Type} that cross for every run: ONNX Runtime has CUDA kernels of attention for float16 and bfloat16. Export it as one of these")]
    public static partial void AttentionRunsOnCpu(ILogger logger, string model, SessionDevice device, TensorElementType type);
}
