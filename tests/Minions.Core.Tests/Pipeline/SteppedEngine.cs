using System.Diagnostics.Metrics;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Minions.Core.Generation;
using Minions.Core.Pipeline;
using Minions.Core.Speculation;

namespace Minions.Core.Tests.Pipeline;

/// <summary>The production stages driven by the test's own thread, one step after another: no thread, no clock, no chance.</summary>
internal sealed class SteppedEngine : IDisposable
{
    private readonly List<SteppedLane> _lanes = [];
    private readonly SpeculationEngine _engine;
    private readonly FakeTimeProvider? _time;

    /// <summary>Makes the engine.</summary>
    /// <param name="components">What the pipeline is composed of.</param>
    /// <param name="options">By default every draft runs in every round, whatever the machine's clock shows.</param>
    /// <param name="time">The clock of all measurements; by default the system's.</param>
    /// <param name="draftTimeLimit">By default drafts run on the test's own thread too. With a limit the test's clock says when it has passed.</param>
    /// <param name="logger">Hears of what goes wrong; by default nobody does.</param>
    /// <param name="meters">Makes its meter; by default it has one of its own.</param>
    /// <param name="name">What its measurements are tagged with; by default nothing.</param>
    public SteppedEngine(PipelineComponents components, PipelineOptions? options = null, TimeProvider? time = null, TimeSpan? draftTimeLimit = null, ILogger? logger = null, IMeterFactory? meters = null, string name = "")
    {
        PipelineOptions settled = options ?? new PipelineOptions { Speculation = { DraftSelection = DraftSelection.All } };
        settled.DraftThreads = 1;
        settled.DraftTimeLimit = draftTimeLimit;
        _time = draftTimeLimit is null ? null : (FakeTimeProvider)time!;
        _engine = new SpeculationEngine(components.Settle(), settled, time ?? TimeProvider.System, logger ?? NullLogger.Instance, Open, meters, name);

        ILane Open(IStage stage)
        {
            var lane = new SteppedLane(stage);
            _lanes.Add(lane);
            return lane;
        }
    }

    /// <summary>The requests in work, those in the pools twice.</summary>
    public int Held => _engine.Held;

    public Task<GenerationResult> Submit(IReadOnlyList<int> prompt, GenerationOptions options, CancellationToken cancellationToken = default) =>
        _engine.RunAsync([.. prompt], options, reader: null, cancellationToken);

    public Task<GenerationResult> Submit(IReadOnlyList<int> prompt, GenerationOptions options, ChannelWriter<GeneratedToken> reader, CancellationToken cancellationToken) =>
        _engine.RunAsync([.. prompt], options, new TokenReader(reader), cancellationToken);

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

    public GenerationResult Run(IReadOnlyList<int> prompt, GenerationOptions options) => StepThrough(Submit(prompt, options));

    public PipelineHealth Check() => StepThrough(CheckAsync());

    public Task<PipelineHealth> CheckAsync() => _engine.CheckAsync(CancellationToken.None);

    private T StepThrough<T>(Task<T> run)
    {
        while (Step())
        {
        }

        // The stages are done with it; what is left is the completion's way through the thread pool.
        return run.WaitAsync(TimeSpan.FromSeconds(30)).GetAwaiter().GetResult();
    }

    /// <summary>Runs a request alone, with some steps of pre-drafting during each verification. With drafts, the lane of the draft stage is the first.</summary>
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

    /// <summary>Begins disposal and steps no further; to be used when no request is left.</summary>
    public Task DisposeAsync() => _engine.DisposeAsync().AsTask();

    /// <summary>Lets no request in any more and steps until none is in work.</summary>
    public void Stop(CancellationToken limit) => StepUntil(_engine.StopAsync(limit));

    public void Dispose() => StepUntil(DisposeAsync());

    // Calls that were let in a moment ago come by way of the thread pool. Drafts that hang are waited for until the limit has passed.
    private void StepUntil(Task end)
    {
        while (!end.IsCompleted)
        {
            if (Step())
                continue;

            _time?.Advance(TimeSpan.FromSeconds(1));
            Thread.Yield();
        }

        end.GetAwaiter().GetResult();
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
