using Microsoft.Extensions.Logging;
using Microsoft.ML.OnnxRuntime;
using Minions.Core;
using Minions.Core.Generation;
using Minions.Core.OnnxRuntime;
using Minions.Core.Pipeline;

// What an application sees of package Minions.Core.Cuda. Arguments: the models, each as name=folder.
var log = new LineLogger();
var failures = new List<string>();
bool? usesGpu = null;

Say($"managed part of ONNX Runtime: {typeof(OrtEnv).Assembly.GetName().Version!.ToString(3)}");
foreach (string model in args)
{
    string[] parts = model.Split('=', 2);
    await CheckAsync(parts[0], parts[1]);
}

Say($"native library of ONNX Runtime: {OrtEnv.Instance().GetVersionString()}, providers {string.Join(", ", OrtEnv.Instance().GetAvailableProviders())}");
Say("");
Say(failures.Count == 0
    ? usesGpu == true ? "PASSED with a GPU: Auto and Cuda both answer on it." : "PASSED without a GPU: Auto answers on the CPU and says why, Cuda is refused with what is missing."
    : "FAILED");
failures.ForEach(Say);
return failures.Count == 0 ? 0 : 1;

async Task CheckAsync(string name, string folder)
{
    Say("");
    Say($"== {name}");
    ExecutionProvider auto = await AnswerAsync(folder, ExecutionProvider.Auto);
    usesGpu ??= auto == ExecutionProvider.Cuda;
    Expect(usesGpu == (auto == ExecutionProvider.Cuda), $"{name}: Auto chose {auto} here and not for the model before");
    string[] reasons = [.. log.Lines.Where(line => line.Contains(" runs on the CPU: ", StringComparison.Ordinal))];
    if (auto == ExecutionProvider.Cuda)
    {
        Expect(reasons.Length == 0, $"{name}: Auto runs on the GPU and logs the CPU");
        Expect(await AnswerAsync(folder, ExecutionProvider.Cuda) == ExecutionProvider.Cuda, $"{name}: Cuda answers elsewhere");
        return;
    }

    Expect(reasons.Length == 1, $"{name}: Auto logs {reasons.Length} lines of why it runs on the CPU");
    Expect(reasons.All(NamesWhatIsMissing), $"{name}: Auto does not say what is missing");
    try
    {
        ExecutionProvider provider = await AnswerAsync(folder, ExecutionProvider.Cuda);
        Expect(false, $"{name}: Cuda answers on {provider}, where Auto finds no GPU");
    }
    catch (ModelLoadException fault)
    {
        Say($"Cuda: {nameof(ModelLoadException)}: {fault.Message}");
        Expect(NamesWhatIsMissing(fault.Message) && fault.Message.Contains("Minions.Core.Cuda", StringComparison.Ordinal), $"{name}: Cuda does not say what is missing and the package");
    }
}

async Task<ExecutionProvider> AnswerAsync(string folder, ExecutionProvider provider)
{
    log.Lines.Clear();
    OnnxTargetVerifier target = await OnnxTargetVerifier.LoadAsync(new OnnxModelOptions { Folder = folder, Provider = provider }, log);
    await using var pipeline = new SpeculativePipeline(new PipelineComponents { Target = target });
    GenerationResult answer = await pipeline.GenerateAsync([1, 2, 3, 4], new GenerationOptions { MaxOutputTokens = 16, IgnoreEndToken = true });
    Expect(answer.TokenIds.Count == 16, $"{folder}: {answer.TokenIds.Count} tokens in place of 16");
    Say($"{provider}: answers on {target.Provider}, {answer.TokenIds.Count} tokens, {(pipeline.Info.Exactness.IsGuaranteed ? "bit-identical" : $"not bit-identical: {pipeline.Info.Exactness.Reason}")}");
    log.Lines.ForEach(line => Say($"  log: {line}"));
    return target.Provider;
}

// The driver, CUDA or cuDNN by name; a provider library that was not copied; or, with all of them there, what CUDA itself says.
static bool NamesWhatIsMissing(string text) =>
    new[] { "the NVIDIA driver", "CUDA 1", "cuDNN", "onnxruntime_providers", "CUDA failure" }.Any(part => text.Contains(part, StringComparison.Ordinal));

void Expect(bool holds, string failure)
{
    if (!holds)
        failures.Add(failure);
}

static void Say(string line) => Console.WriteLine(line);

internal sealed class LineLogger : ILogger
{
    public List<string> Lines { get; } = [];

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        Lines.Add($"{logLevel}: {formatter(state, exception)}");
}
