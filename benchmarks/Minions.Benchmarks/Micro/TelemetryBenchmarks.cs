using System.Diagnostics.Metrics;
using BenchmarkDotNet.Attributes;
using Minions.Core;
using Minions.Core.Diagnostics;
using Minions.Core.Generation;
using Minions.Core.Pipeline;
using Minions.Core.Speculation;

namespace Minions.Benchmarks.Micro;

/// <summary>
/// What telemetry costs: what a request asks while nobody listens, and a round of the whole pipeline with models that answer at once, with and without a
/// listener to every instrument. Compare the former with a request's time, and the rounds with each other.
/// </summary>
[MemoryDiagnoser]
public class TelemetryBenchmarks : IAsyncDisposable
{
    private const int RoundsPerRequest = 256;
    private const int Length = 3;
    private static readonly int[] Prompt = [0, 1, 2, 3];
    private static readonly GenerationOptions Options = new() { MaxOutputTokens = 1 + RoundsPerRequest * (Length + 1) };

    private readonly PipelineMeter _unheard = new(null, new PipelineTags("", [], Length), new PipelineReadings(() => 0, () => 0, () => null, _ => null));
    private readonly MeterListener _listener = new();
    private SpeculativePipeline _pipeline = null!;

    [Params(false, true)]
    public bool IsListened { get; set; }

    [GlobalSetup]
    public void Compose()
    {
        _pipeline = new SpeculativePipeline(new PipelineComponents
        {
            Target = new InstantTarget(),
            Drafts = [new InstantDraft("draft")],
            LengthController = new FixedSpeculationLength(Length),
        });
        if (!IsListened)
            return;

        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == MinionsTelemetry.MeterName)
                listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<long>((_, _, _, _) => { });
        _listener.SetMeasurementEventCallback<int>((_, _, _, _) => { });
        _listener.SetMeasurementEventCallback<double>((_, _, _, _) => { });
        _listener.Start();
    }

    [GlobalCleanup]
    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        _listener.Dispose();
        _unheard.Dispose();
        await _pipeline.DisposeAsync();
    }

    /// <summary>All that a request does about telemetry while nobody listens; a round then compares one reference with null.</summary>
    [Benchmark]
    public bool AskWhetherAnybodyListens() => RequestTelemetry.IsWanted(_unheard);

    [Benchmark(OperationsPerInvoke = RoundsPerRequest)]
    public Task<GenerationResult> Round() => _pipeline.GenerateAsync(Prompt, Options);
}
