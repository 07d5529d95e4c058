using Minions.Core.Generation;
using Minions.Core.Pipeline;

namespace Minions.Core.Tests.Pipeline;

public class LifetimeTests
{
    private static readonly int[] Prompt = [1, 2, 3];
    private static readonly GenerationOptions Endless = new() { MaxOutputTokens = 1000 };

    [Test]
    public async Task Cancellation_is_seen_within_one_verification_and_carries_the_callers_token()
    {
        using var cancellation = new CancellationTokenSource();
        int verifications = 0;
        var target = new TabularTarget(Tables.Scrambled) { BeforeVerify = _ => { if (++verifications == 5) cancellation.Cancel(); } };
        await using var pipeline = new SpeculativePipeline(new PipelineComponents { Target = target });

        var thrown = Assert.CatchAsync<OperationCanceledException>(() => pipeline.GenerateAsync(Prompt, Endless, cancellation.Token));
        Assert.That(thrown!.CancellationToken, Is.EqualTo(cancellation.Token));
        Assert.That(verifications, Is.EqualTo(5));
        Assert.That(target.OpenSequences, Is.Zero);
        Assert.That((await pipeline.GenerateAsync(Prompt, Endless with { MaxOutputTokens = 5 })).TokenIds, Is.EqualTo(target.Decode(Prompt, 5)));
    }

    [Test]
    public async Task A_token_signalled_before_the_call_runs_nothing()
    {
        var target = new TabularTarget(Tables.Scrambled);
        await using var pipeline = new SpeculativePipeline(new PipelineComponents { Target = target });

        Assert.That(async () => await pipeline.GenerateAsync(Prompt, Endless, new CancellationToken(canceled: true)), Throws.InstanceOf<OperationCanceledException>());
        Assert.That(target.Verifications, Is.Zero);
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task A_stream_throws_with_whichever_callers_token_was_signalled(bool viaCall)
    {
        using var cancellation = new CancellationTokenSource();
        await using var pipeline = new SpeculativePipeline(new PipelineComponents { Target = new TabularTarget(Tables.Scrambled, contextLength: 1 << 20) });
        GenerationStream stream = pipeline.StreamAsync(Prompt, Endless with { MaxOutputTokens = 1 << 19 }, viaCall ? cancellation.Token : default);

        var thrown = Assert.CatchAsync<OperationCanceledException>(async () =>
        {
            await foreach (GeneratedToken token in stream.WithCancellation(viaCall ? default : cancellation.Token))
            {
                if (token.Index == 3)
                    await cancellation.CancelAsync();
            }
        });
        Assert.That(thrown!.CancellationToken, Is.EqualTo(cancellation.Token));
        Assert.That(stream.Completion.IsCanceled, Is.True);
    }

    [Test]
    public async Task An_enumeration_left_early_ends_its_request()
    {
        var target = new TabularTarget(Tables.Scrambled, contextLength: 1 << 20);
        await using var pipeline = new SpeculativePipeline(new PipelineComponents { Target = target });
        GenerationStream stream = pipeline.StreamAsync(Prompt, Endless with { MaxOutputTokens = 1 << 19 });
        await foreach (GeneratedToken token in stream)
        {
            if (token.Index == 2)
                break;
        }

        Assert.That(stream.Completion.IsCanceled, Is.True);
        Assert.That(target.OpenSequences, Is.Zero);
    }

    [Test]
    public async Task A_stream_can_be_enumerated_once()
    {
        await using var pipeline = new SpeculativePipeline(new PipelineComponents { Target = new TabularTarget(Tables.Scrambled) });
        GenerationStream stream = pipeline.StreamAsync(Prompt, Endless with { MaxOutputTokens = 2 });
        await stream.ToListAsync();

        Assert.That(async () => await stream.ToListAsync(), Throws.InvalidOperationException);
    }

    [Test]
    public async Task Concurrent_requests_get_the_texts_they_would_get_alone()
    {
        var target = new TabularTarget(Tables.Scrambled);
        await using var pipeline = new SpeculativePipeline(
            new PipelineComponents { Target = target, Drafts = [new TabularDraft("half", Tables.MostlyRight(50, 3))] },
            new PipelineOptions { MaxConcurrentRequests = 3 });
        GenerationResult[] results = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => pipeline.GenerateAsync([i % Tables.Vocabulary], Endless with { MaxOutputTokens = 50 })));

        for (int i = 0; i < results.Length; i++)
            Assert.That(results[i].TokenIds, Is.EqualTo(target.Decode([i % Tables.Vocabulary], 50)));
    }

    [Test]
    public async Task Disposal_ends_running_requests_and_frees_the_models()
    {
        using var reached = new SemaphoreSlim(0);
        var target = new TabularTarget(Tables.Scrambled, contextLength: 1 << 20) { BeforeVerify = _ => reached.Release() };
        var draft = new TabularDraft("sound", Tables.Scrambled);
        var pipeline = new SpeculativePipeline(new PipelineComponents { Target = target, Drafts = [draft] });
        Task<GenerationResult> running = pipeline.GenerateAsync(Prompt, Endless with { MaxOutputTokens = 1 << 19 });
        await reached.WaitAsync();
        await pipeline.DisposeAsync();

        Assert.That(async () => await running, Throws.TypeOf<ObjectDisposedException>());
        Assert.That(async () => await pipeline.GenerateAsync(Prompt), Throws.TypeOf<ObjectDisposedException>());
        Assert.That(() => pipeline.StreamAsync(Prompt), Throws.TypeOf<ObjectDisposedException>());
        Assert.That((target.IsDisposed, draft.IsDisposed, target.OpenSequences, draft.OpenSequences), Is.EqualTo((true, true, 0, 0)));
        await pipeline.DisposeAsync();
    }

    [Test]
    public async Task Disposal_ends_calls_that_still_wait_for_admission()
    {
        using var reached = new SemaphoreSlim(0);
        var target = new TabularTarget(Tables.Scrambled, contextLength: 1 << 20) { BeforeVerify = _ => reached.Release() };
        var pipeline = new SpeculativePipeline(new PipelineComponents { Target = target }, new PipelineOptions { MaxConcurrentRequests = 2 });
        Task<GenerationResult>[] calls = [.. Enumerable.Range(0, 20).Select(_ => pipeline.GenerateAsync(Prompt, Endless with { MaxOutputTokens = 1 << 19 }))];
        await reached.WaitAsync();
        await Task.WhenAll(pipeline.DisposeAsync().AsTask(), pipeline.DisposeAsync().AsTask());

        foreach (Task<GenerationResult> call in calls)
            Assert.That(async () => await call, Throws.TypeOf<ObjectDisposedException>());
        Assert.That((target.IsDisposed, target.OpenSequences), Is.EqualTo((true, 0)));
    }

    [Test]
    public async Task Models_of_a_pipeline_that_was_never_called_are_freed_too()
    {
        var target = new TabularTarget(Tables.Scrambled);
        await new SpeculativePipeline(new PipelineComponents { Target = target }).DisposeAsync();
        Assert.That(target.IsDisposed, Is.True);
    }

    [Test]
    public void A_model_that_cannot_be_disposed_keeps_no_other_from_it_and_its_own_exception_comes_out()
    {
        var target = new TabularTarget(Tables.Scrambled);
        var draft = new TabularDraft("sound", Tables.Scrambled);
        var pipeline = new SpeculativePipeline(new PipelineComponents { Target = target, Drafts = [new StuckDraft(), draft] });

        Assert.That(pipeline.Dispose, Throws.InvalidOperationException.With.Message.EqualTo("stuck"));
        Assert.That((target.IsDisposed, draft.IsDisposed), Is.EqualTo((true, true)));
    }

    [Test]
    public void Models_left_open_outlive_the_pipeline()
    {
        var target = new TabularTarget(Tables.Scrambled);
        using (var pipeline = new SpeculativePipeline(new PipelineComponents { Target = target, LeaveOpen = true }))
            Assert.That(pipeline.IsLoaded, Is.True);
        Assert.That(target.IsDisposed, Is.False);
    }

    private sealed class StuckDraft() : DelegatingDraftModel(new TabularDraft("stuck", Tables.Scrambled))
    {
        protected override void Dispose(bool disposing)
        {
            base.Dispose(disposing);
            throw new InvalidOperationException("stuck");
        }
    }
}
