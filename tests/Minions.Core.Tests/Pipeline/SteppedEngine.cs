using System.Threading.Channels;
using Microsoft.Extensions.Logging.Abstractions;
using Minions.Core.Drafting;
using Minions.Core.Generation;
using Minions.Core.Pipeline;

namespace Minions.Core.Tests.Pipeline;

/// <summary>The production stages driven by the test's own thread, one step after another: no thread, no clock, no chance.</summary>
internal sealed class SteppedEngine : IDisposable
{
    private readonly List<SteppedLane> _lanes = [];
    private readonly SpeculationEngine _engine;

    /// <summary>Makes the engine.</summary>
    /// <param name="components">What the pipeline is composed of.</param>
    /// <param name="options">By default every draft runs in every round, whatever the machine's clock shows.</param>
    /// <param name="time">The clock of all measurements; by default the system's.</param>
    public SteppedEngine(PipelineComponents components, PipelineOptions? options = null, TimeProvider? time = null)
    {
        components.Validate();
        PipelineOptions settled = options ?? new PipelineOptions { Panel = PanelMode.All };
        settled.DraftThreads = 1;
        _engine = new SpeculationEngine(components, settled, time ?? TimeProvider.System, NullLogger.Instance, Open);

        ILane Open(IStage stage)
        {
            var lane = new SteppedLane(stage);
            _lanes.Add(lane);
            return lane;
        }
    }

    public Task<GenerationResult> Submit(IReadOnlyList<int> prompt, GenerationOptions options, CancellationToken cancellationToken = default) =>
        _engine.RunAsync(prompt, options, reader: null, cancellationToken);

    public Task<GenerationResult> Submit(IReadOnlyList<int> prompt, GenerationOptions options, ChannelWriter<GeneratedToken> reader, CancellationToken cancellationToken) =>
        _engine.RunAsync(prompt, options, reader, cancellationToken);

    /// <summary>Lets one stage run once; the others stand still meanwhile, as a hung one would.</summary>
    /// <returns>Whether it had something to do.</returns>
    public bool Step(int lane) => _lanes[lane % _lanes.Count].Stage.TryRun();

    /// <summary>Lets each stage run once.</summary>
    /// <returns>Whether any had something to do.</returns>
    public bool Step()
    {
        bool worked = false;
        foreach (SteppedLane lane in _lanes)
            worked |= lane.Stage.TryRun();
        return worked;
    }

    public GenerationResult Run(IReadOnlyList<int> prompt, GenerationOptions options)
    {
        Task<GenerationResult> run = Submit(prompt, options);
        while (Step())
        {
        }

        // The stages are done with it; what is left is the completion's way through the thread pool.
        return run.WaitAsync(TimeSpan.FromSeconds(30)).GetAwaiter().GetResult();
    }

    /// <summary>Runs a request alone, with some steps of work ahead during each verification. With drafts, the lane of the draft stage is the first.</summary>
    public GenerationResult Run(IReadOnlyList<int> prompt, GenerationOptions options, Func<int> stepsAhead)
    {
        Task<GenerationResult> run = Submit(prompt, options);
        do
        {
            for (int i = stepsAhead(); i > 0; i--)
                Step(0);
        }
        while (Step(1) || Step(0));

        return run.WaitAsync(TimeSpan.FromSeconds(30)).GetAwaiter().GetResult();
    }

    public void Dispose()
    {
        Task disposal = _engine.DisposeAsync().AsTask();

        // Calls that were let in a moment ago come by way of the thread pool.
        while (!disposal.IsCompleted)
        {
            if (!Step())
                Thread.Yield();
        }

        disposal.Wait();
    }

    private sealed class SteppedLane(IStage stage) : ILane
    {
        public IStage Stage => stage;

        public void Signal()
        {
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
