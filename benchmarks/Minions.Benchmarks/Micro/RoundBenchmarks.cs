using BenchmarkDotNet.Attributes;
using Minions.Core;
using Minions.Core.Generation;
using Minions.Core.Pipeline;
using Minions.Core.Speculation;

namespace Minions.Benchmarks.Micro;

/// <summary>
/// A round of the whole pipeline with models that answer at once: stages, lanes, vote and commitment, hand-over between threads included. The
/// drafts are called as the library's own are, on the panel's threads.
/// Admission of the request is spread over its rounds.
/// </summary>
[MemoryDiagnoser]
public class RoundBenchmarks : IAsyncDisposable
{
    private const int RoundsPerRequest = 256;
    private const int Length = 3;
    private static readonly int[] Prompt = [0, 1, 2, 3];

    private SpeculativePipeline _pipeline = null!;
    private GenerationOptions _options = null!;

    [Params(0, 1, 3)]
    public int Drafts { get; set; }

    [GlobalSetup]
    public async Task Compose()
    {
        _pipeline = new SpeculativePipeline(new PipelineComponents
        {
            Target = new InstantTarget(),
            Drafts = [.. Enumerable.Range(0, Drafts).Select(i => new InstantDraft($"draft-{i}"))],
            LengthController = new FixedSpeculationLength(Length),
        });

        // The drafts are always right: the prefill gives one id, a round its chain and one more.
        int idsPerRound = Drafts == 0 ? 1 : Length + 1;
        _options = new GenerationOptions { MaxOutputTokens = 1 + RoundsPerRequest * idsPerRound };
        GenerationResult result = await Request();
        if (result.Statistics.Rounds != RoundsPerRequest)
            throw new InvalidOperationException($"A request took {result.Statistics.Rounds} rounds where {RoundsPerRequest} were meant, so a time a round would be wrong.");
    }

    [GlobalCleanup]
    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await _pipeline.DisposeAsync();
    }

    [Benchmark(OperationsPerInvoke = RoundsPerRequest)]
    public Task<GenerationResult> Request() => _pipeline.GenerateAsync(Prompt, _options);
}
