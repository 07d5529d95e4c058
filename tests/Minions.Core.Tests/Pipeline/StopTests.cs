using Minions.Core.Generation;
using Minions.Core.Pipeline;
using Minions.Core.Verification;

namespace Minions.Core.Tests.Pipeline;

public sealed class StopTests : IDisposable
{
    private static readonly GenerationOptions Ten = new() { MaxOutputTokens = 10 };
    private static readonly GenerationOptions Endless = new() { MaxOutputTokens = 1 << 19 };

    private readonly SemaphoreSlim _reached = new(0);
    private readonly SemaphoreSlim _go = new(0);

    [Test]
    public async Task Stopping_lets_work_end_refuses_all_other_calls_and_leaves_the_models_to_disposal()
    {
        TabularTarget target = Target(WaitOnce());
        var pipeline = new SpeculativePipeline(new PipelineComponents { Target = target }, new PipelineOptions { MaxConcurrentRequests = 1 });
        Task<GenerationResult> working = pipeline.GenerateAsync([1], Ten);
        await _reached.WaitAsync();
        Task<GenerationResult> waiting = pipeline.GenerateAsync([2], Ten);
        Task stop = pipeline.StopAsync();

        Assert.That(async () => await waiting, Throws.TypeOf<PipelineStoppedException>());
        Assert.That(() => pipeline.GenerateAsync([3], Ten), Throws.TypeOf<PipelineStoppedException>());
        Assert.That(() => pipeline.StreamAsync([3], Ten), Throws.TypeOf<PipelineStoppedException>());
        Assert.That(() => pipeline.LoadAsync(), Throws.TypeOf<PipelineStoppedException>());
        Assert.That(stop.IsCompleted, Is.False, "a request is in work");

        _go.Release();
        await stop;
        Assert.That((await working).TokenIds, Is.EqualTo(target.Decode([1], 10)));
        Assert.That((pipeline.IsLoaded, target.IsDisposed), Is.EqualTo((true, false)));
        await pipeline.StopAsync();
        await pipeline.DisposeAsync();
        Assert.That(target.IsDisposed, Is.True);
        Assert.That(() => pipeline.StopAsync(), Throws.TypeOf<ObjectDisposedException>());
    }

    [TestCase(false)]
    [TestCase(true)]
    public async Task A_signalled_token_ends_what_is_still_in_work_and_not_the_wait(bool beforehand)
    {
        using var over = new CancellationTokenSource();
        TabularTarget target = Target(_ => _reached.Release());
        await using var pipeline = new SpeculativePipeline(new PipelineComponents { Target = target, Drafts = [new TabularDraft("sound", Tables.Scrambled)] });
        Task<GenerationResult>[] working = [pipeline.GenerateAsync([1], Endless), pipeline.GenerateAsync([2], Endless)];
        await _reached.WaitAsync();
        if (beforehand)
            await over.CancelAsync();
        Task<int> stop = pipeline.StopAsync(over.Token);
        await over.CancelAsync();

        Assert.That(await stop, Is.EqualTo(2), "it tells how many it ended");
        Assert.That(await pipeline.StopAsync(), Is.Zero);
        foreach (Task<GenerationResult> call in working)
            Assert.That(async () => await call, Throws.TypeOf<PipelineStoppedException>());
        Assert.That((target.OpenSequences, target.IsDisposed), Is.EqualTo((0, false)));
    }

    [Test]
    public async Task A_second_stop_with_less_patience_ends_the_requests_of_both()
    {
        await using var pipeline = new SpeculativePipeline(new PipelineComponents { Target = Target(_ => _reached.Release()) });
        Task<GenerationResult> working = pipeline.GenerateAsync([1], Endless);
        await _reached.WaitAsync();
        Task patient = pipeline.StopAsync();
        await pipeline.StopAsync(new CancellationToken(canceled: true));
        await patient;

        Assert.That(async () => await working, Throws.TypeOf<PipelineStoppedException>());
    }

    [Test]
    public async Task Disposal_ends_a_stop_that_waits()
    {
        TabularTarget target = Target(_ => _reached.Release());
        var pipeline = new SpeculativePipeline(new PipelineComponents { Target = target });
        Task<GenerationResult> working = pipeline.GenerateAsync([1], Endless);
        await _reached.WaitAsync();
        Task stop = pipeline.StopAsync();
        await pipeline.DisposeAsync();
        await stop;

        Assert.That(async () => await working, Throws.TypeOf<ObjectDisposedException>());
        Assert.That((target.OpenSequences, target.IsDisposed), Is.EqualTo((0, true)));
    }

    [Test]
    public async Task Stopping_cancels_a_load_under_way()
    {
        await using var pipeline = new SpeculativePipeline(async cancellationToken =>
        {
            _reached.Release();
            await _go.WaitAsync(cancellationToken);
            return new PipelineComponents { Target = Target(_ => { }) };
        });
        Task<GenerationResult> call = pipeline.GenerateAsync([1], Ten);
        await _reached.WaitAsync();
        await pipeline.StopAsync();

        Assert.That(async () => await call, Throws.TypeOf<PipelineStoppedException>());
        Assert.That(pipeline.IsLoaded, Is.False);
    }

    [Test]
    public async Task A_load_that_does_not_heed_its_cancellation_is_left_to_disposal()
    {
        TabularTarget target = Target(_ => { });
        var pipeline = new SpeculativePipeline(async _ =>
        {
            await _go.WaitAsync(CancellationToken.None);
            return new PipelineComponents { Target = target };
        });
        Task<GenerationResult> call = pipeline.GenerateAsync([1], Ten);
        await pipeline.StopAsync(new CancellationToken(canceled: true));
        Assert.That(pipeline.IsLoaded, Is.False);

        _go.Release();
        await pipeline.DisposeAsync();
        Assert.That(async () => await call, Throws.InstanceOf<MinionsException>().Or.TypeOf<ObjectDisposedException>());
        Assert.That(target.IsDisposed, Is.True);
    }

    public void Dispose()
    {
        _reached.Dispose();
        _go.Dispose();
    }

    private static TabularTarget Target(Action<VerificationRequest> beforeVerify) =>
        new(Tables.Scrambled, contextLength: 1 << 20) { BeforeVerify = beforeVerify };

    private Action<VerificationRequest> WaitOnce()
    {
        bool waited = false;
        return _ =>
        {
            if (waited)
                return;

            waited = true;
            _reached.Release();
            _go.Wait();
        };
    }
}
