using Minions.Core.Generation;
using Minions.Core.OnnxRuntime;
using Minions.Core.Pipeline;

namespace Minions.Core.Tests.OnnxRuntime.Lifetime;

/// <summary>A process that ends itself while sessions for several requests are being made.</summary>
internal static class ExitingProcess
{
    public const string Command = "exit-while-sessions-are-made";
    public const int ExitCode = 7;

    private const int Requests = 16;

    /// <param name="folder">The target's folder.</param>
    /// <param name="tokens">The tokens that it reads while sessions are made, before it ends: the making is at another place each time.</param>
    public static async Task<int> RunAsync(string folder, int tokens)
    {
        int seen = 0;
        OnnxTargetVerifier target = await OnnxTargetVerifier.LoadAsync(new OnnxModelOptions { Folder = folder, Provider = ExecutionProvider.Cpu });
        var pipeline = new SpeculativePipeline(new PipelineComponents { Target = target }, new PipelineOptions { MaxConcurrentRequests = Requests });
        await Task.WhenAll(Enumerable.Range(1, Requests).Select(ReadAsync));
        return 0;

        async Task ReadAsync(int request)
        {
            await foreach (GeneratedToken _ in pipeline.StreamAsync([request, request + 1], new GenerationOptions { MaxOutputTokens = 200, IgnoreEndToken = true }))
            {
                if (!target.SessionsSettled.IsCompleted && Interlocked.Increment(ref seen) == tokens)
                    Environment.Exit(ExitCode);
            }
        }
    }
}
