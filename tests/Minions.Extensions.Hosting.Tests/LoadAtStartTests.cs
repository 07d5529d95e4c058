using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Minions.Core;
using Minions.Core.DependencyInjection;
using Minions.Core.Generation;
using Minions.Core.Pipeline;

namespace Minions.Extensions.Hosting.Tests;

/// <summary>A host loads its pipelines when it starts, and lets their requests end when it stops.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class LoadAtStartTests : IDisposable
{
    private static readonly GenerationOptions Ten = new() { MaxOutputTokens = 10 };

    private readonly TaskCompletionSource _gate = new();
    private readonly SemaphoreSlim _reached = new(0);
    private readonly SemaphoreSlim _go = new(0);
    private readonly HostedPipeline.Heard _heard = new();

    [Test]
    public async Task The_host_waits_for_the_load_and_its_progress_is_heard()
    {
        var time = new FakeTimeProvider();
        using var hosted = new HostedPipeline(services =>
        {
            services.AddSingleton<TimeProvider>(time);
            Gated(services).LoadAtStart(load => load.Progress = _heard);
        });
        Task start = hosted.Host.StartAsync();
        await _reached.WaitAsync();
        Assert.That((start.IsCompleted, hosted.Pipeline.IsLoaded), Is.EqualTo((false, false)));

        time.Advance(TimeSpan.FromSeconds(2));
        _gate.SetResult();
        await start;
        Assert.That(hosted.Pipeline.IsLoaded, Is.True);
        Assert.That(_heard.Phases, Is.EqualTo(new[] { LoadPhase.Checking, LoadPhase.WarmingUp, LoadPhase.Ready }));
        Assert.That(hosted.Log.Single().Text, Is.EqualTo("Pipeline 'default' is loaded, after 2.00 seconds."));
    }

    [Test]
    public async Task In_the_background_the_host_starts_before_the_load_ends()
    {
        using var hosted = new HostedPipeline(services => Gated(services).LoadAtStart(load => (load.InBackground, load.Progress) = (true, _heard)));
        await hosted.Host.StartAsync();
        await _reached.WaitAsync();
        Assert.That(hosted.Pipeline.IsLoaded, Is.False);

        _gate.SetResult();
        await _heard.Ready;
        Assert.That(hosted.Pipeline.IsLoaded, Is.True);
        await hosted.Host.StopAsync();
        Assert.That(hosted.Log.Select(line => line.Level), Is.EqualTo(new[] { LogLevel.Information }));
    }

    [Test]
    public async Task A_load_that_fails_keeps_the_host_from_starting_but_in_the_background_is_tried_again()
    {
        using var waiting = new HostedPipeline(services => services.AddMinions().UseTarget(_ => throw new ModelLoadException("No such model.")).LoadAtStart());
        Assert.That(() => waiting.Host.StartAsync(), Throws.TypeOf<ModelLoadException>());

        int attempts = 0;
        using var hosted = new HostedPipeline(services => services.AddMinions()
            .UseTarget(_ => Interlocked.Increment(ref attempts) == 1 ? throw new ModelLoadException("Not yet.") : Counting.Target())
            .LoadAtStart(load => load.InBackground = true));
        await hosted.Host.StartAsync();
        while (!hosted.Log.Any())
            await Task.Yield();
        Assert.That(hosted.Log.Single().Level, Is.EqualTo(LogLevel.Error));
        Assert.That((await hosted.Pipeline.GenerateAsync([1], Ten)).TokenIds, Has.Count.EqualTo(10));
    }

    [Test]
    public async Task A_host_that_stops_while_it_loads_cancels_the_load()
    {
        using var hosted = new HostedPipeline(services => Gated(services).LoadAtStart(load => load.InBackground = true));
        await hosted.Host.StartAsync();
        await _reached.WaitAsync();
        Task stop = hosted.Host.StopAsync();
        _gate.SetResult();
        await stop;

        Assert.That(() => hosted.Pipeline.LoadAsync(), Throws.TypeOf<PipelineStoppedException>());
        Assert.That(hosted.Log.Where(line => line.Level >= LogLevel.Warning), Is.Empty);
    }

    [Test]
    public async Task A_host_that_stops_lets_requests_in_work_end()
    {
        using HostedPipeline hosted = Working(out TabularTarget target);
        await hosted.Host.StartAsync();
        Task<GenerationResult> call = hosted.Pipeline.GenerateAsync([1], Ten);
        await _reached.WaitAsync();
        Task stop = hosted.Host.StopAsync();
        Assert.That(stop.IsCompleted, Is.False);

        _go.Release(1000);
        await stop;
        Assert.That((await call).TokenIds, Is.EqualTo(target.Decode([1], 10)));
        Assert.That(hosted.Log.Where(line => line.Level >= LogLevel.Warning), Is.Empty);
    }

    [Test]
    public async Task What_is_in_work_when_the_hosts_time_is_over_ends_with_an_error()
    {
        using HostedPipeline hosted = Working(out _);
        await hosted.Host.StartAsync();
        Task<GenerationResult> call = hosted.Pipeline.GenerateAsync([1], new GenerationOptions { MaxOutputTokens = 1 << 18 });
        await _reached.WaitAsync();
        using var over = new CancellationTokenSource();
        Task stop = hosted.Host.StopAsync(over.Token);
        await over.CancelAsync();
        _go.Release(1);
        await stop;

        Assert.That(() => call, Throws.TypeOf<PipelineStoppedException>());
        Assert.That(hosted.Log.Select(line => line.Id.Id), Does.Contain(53));
    }

    [Test]
    public async Task Each_keyed_pipeline_loads_once_with_a_progress_of_its_own()
    {
        int loads = 0;
        (HostedPipeline.Heard one, HostedPipeline.Heard other) = (new(), new());
        using var hosted = new HostedPipeline(services =>
        {
            services.AddKeyedMinions("one").UseTarget(_ => Count()).LoadAtStart().LoadAtStart(load => load.Progress = one);
            services.AddKeyedMinions("other").UseTarget(_ => Count()).LoadAtStart(load => load.Progress = other);
            services.AddMinions().UseTarget(_ => Count());
        });
        await hosted.Host.StartAsync();

        Assert.That(loads, Is.EqualTo(2), "the third is not asked for");
        Assert.That((one.Phases.Count(phase => phase == LoadPhase.Ready), other.Phases.Count(phase => phase == LoadPhase.Ready)), Is.EqualTo((1, 1)));
        Assert.That(hosted.Host.Services.GetServices<IHostedService>().Count(), Is.EqualTo(2));
        await hosted.Host.StopAsync();
        Assert.That(() => hosted.Host.Services.GetRequiredKeyedService<SpeculativePipeline>("one").LoadAsync(), Throws.TypeOf<PipelineStoppedException>());

        ITargetVerifier Count()
        {
            Interlocked.Increment(ref loads);
            return Counting.Target();
        }
    }

    public void Dispose()
    {
        _reached.Dispose();
        _go.Dispose();
    }

    private MinionsBuilder Gated(IServiceCollection services) => services.AddMinions().UseTarget(_ =>
    {
        _reached.Release();
        _gate.Task.Wait();
        return Counting.Target();
    });

    // Each verification is told of, and waits to be let go.
    private HostedPipeline Working(out TabularTarget target)
    {
        TabularTarget made = target = new TabularTarget(Tables.Scrambled, contextLength: 1 << 20)
        {
            BeforeVerify = _ =>
            {
                _reached.Release();
                _go.Wait();
            },
        };
        return new HostedPipeline(services => services.AddMinions().UseTarget(_ => made).LoadAtStart());
    }
}
