using Microsoft.Extensions.DependencyInjection;
using Minions.Core.Pipeline;
using Minions.Core.Tokenization;

namespace Minions.Core.Tests.DependencyInjection;

internal sealed class PipelineLoadTests
{
    private static readonly string Target = Path.Combine(RepositoryFiles.Family, "target");

    [Test]
    public async Task Concurrent_callers_share_one_load()
    {
        int loads = 0;
        var gate = new TaskCompletionSource();
        await using ServiceProvider services = Provide(_ =>
        {
            Interlocked.Increment(ref loads);
            gate.Task.Wait();
            return Counting.Target();
        });
        var pipeline = services.GetRequiredService<SpeculativePipeline>();

        Task[] callers = [pipeline.LoadAsync(), pipeline.LoadAsync(), pipeline.GenerateAsync([1], new() { MaxOutputTokens = 2 })];
        Assert.That(callers, Has.None.Property(nameof(Task.IsCompleted)).True, "no caller is blocked or done while the factory works");
        gate.SetResult();
        await Task.WhenAll(callers);

        Assert.That(loads, Is.EqualTo(1));
    }

    [Test]
    public async Task A_load_that_failed_is_tried_again_by_the_next_call()
    {
        int attempts = 0;
        await using ServiceProvider services = Provide(_ => ++attempts == 1 ? throw new ModelLoadException("Not yet.") : Counting.Target());
        var pipeline = services.GetRequiredService<SpeculativePipeline>();

        Assert.That(() => pipeline.LoadAsync(), Throws.TypeOf<ModelLoadException>().With.Message.EqualTo("Not yet."));
        await pipeline.LoadAsync();

        Assert.That(pipeline.IsLoaded);
    }

    [Test]
    public async Task What_is_known_of_a_pipeline_is_there_from_its_load_on()
    {
        using var target = Counting.Target();
        await using var pipeline = new SpeculativePipeline(_ => Task.FromResult(new PipelineComponents { Target = target, Drafts = [Counting.Draft()], EndTokens = [7] }));
        Assert.That(() => pipeline.Info, Throws.InvalidOperationException.With.Message.Contains("LoadAsync"));
        PipelineInfo info = await pipeline.LoadAsync();

        Assert.That(pipeline.Info, Is.SameAs(info));
        Assert.That((info.Exactness, info.Tokenizer, info.ContextLength, info.VocabularySize), Is.EqualTo((target.Exactness, (ITextTokenizer?)null, target.ContextLength, target.VocabularySize)));
        Assert.That(info.DraftNames, Is.EqualTo(new[] { Counting.Draft().Name }));
        Assert.That(info.EndTokens, Is.EqualTo(new[] { 7 }));
    }

    [Test]
    public async Task A_cancelled_load_disposes_what_it_had_loaded_and_can_be_repeated()
    {
        TabularTarget[] targets = [Counting.Target(), Counting.Target()];
        TabularDraft[] drafts = [Counting.Draft(), Counting.Draft()];
        (int targetLoads, int draftLoads) = (-1, -1);
        var started = new TaskCompletionSource();
        var gate = new TaskCompletionSource();
        await using ServiceProvider services = new ServiceCollection()
            .AddMinions()
            .UseTarget(_ =>
            {
                int load = Interlocked.Increment(ref targetLoads);
                started.TrySetResult();
                gate.Task.Wait();
                return targets[load];
            })
            .AddDraft(_ => drafts[Interlocked.Increment(ref draftLoads)])
            .Services.BuildServiceProvider();
        var pipeline = services.GetRequiredService<SpeculativePipeline>();
        using var cancellation = new CancellationTokenSource();

        Task load = pipeline.LoadAsync(cancellation.Token);
        await started.Task;
        await cancellation.CancelAsync();
        Assert.That(() => load, Throws.InstanceOf<OperationCanceledException>());
        gate.SetResult();
        await pipeline.LoadAsync();
        await pipeline.DisposeAsync();

        await Task.WhenAll([.. targets.Select(target => target.Disposed), .. drafts.Select(draft => draft.Disposed)]).WaitAsync(TimeSpan.FromSeconds(30));
    }


    [Test]
    public async Task When_one_model_fails_the_others_are_disposed_and_its_fault_is_told()
    {
        TabularTarget target = Counting.Target();
        TabularDraft draft = Counting.Draft();
        await using ServiceProvider services = new ServiceCollection()
            .AddMinions()
            .UseTarget(_ => target)
            .AddDraft(_ => draft)
            .AddDraft(_ => throw new ModelLoadException("The second draft is broken."))
            .Services.BuildServiceProvider();

        Assert.That(
            () => services.GetRequiredService<SpeculativePipeline>().LoadAsync(),
            Throws.TypeOf<ModelLoadException>().With.Message.EqualTo("The second draft is broken."));
        Assert.That((target.Disposals, draft.Disposals), Is.EqualTo((1, 1)));
    }

    [Test]
    public async Task Drafts_of_the_same_name_are_refused_and_disposed()
    {
        TabularDraft[] drafts = [Counting.Draft("twin"), Counting.Draft("twin")];
        await using ServiceProvider services = new ServiceCollection()
            .AddMinions().UseTarget(_ => Counting.Target()).AddDraft(_ => drafts[0]).AddDraft(_ => drafts[1]).Services.BuildServiceProvider();

        Assert.That(() => services.GetRequiredService<SpeculativePipeline>().LoadAsync(), Throws.ArgumentException.With.Message.Contains("twin"));
        Assert.That(drafts, Has.All.Property(nameof(TabularDraft.Disposals)).EqualTo(1));
    }

    [Test]
    public async Task A_draft_with_another_tokenizer_is_refused_with_both_folders_and_the_reason()
    {
        string stranger = Path.Combine(RepositoryFiles.SmolLm2, "draft-code");
        await using ServiceProvider services = new ServiceCollection()
            .AddMinions().UseTarget(Target).AddDraft(stranger).Services.BuildServiceProvider();

        Assert.That(
            () => services.GetRequiredService<SpeculativePipeline>().LoadAsync(),
            Throws.TypeOf<ModelLoadException>()
                .With.Message.Contains(Target).And.Message.Contains(stranger).And.Message.Contains("tokenizer")
                .And.Property(nameof(ModelLoadException.Path)).EqualTo(stranger));
    }

    [Test]
    public async Task The_container_disposes_the_models_once()
    {
        (TabularTarget target, TabularDraft draft) = (Counting.Target(), Counting.Draft());
        ServiceProvider services = new ServiceCollection()
            .AddMinions().UseTarget(_ => target).AddDraft(_ => draft).Services.BuildServiceProvider();
        await services.GetRequiredService<SpeculativePipeline>().LoadAsync();

        await services.DisposeAsync();
        await services.DisposeAsync();

        Assert.That((target.Disposals, draft.Disposals), Is.EqualTo((1, 1)));
    }

    [Test]
    public async Task A_container_that_is_disposed_synchronously_disposes_the_models_too()
    {
        TabularTarget target = Counting.Target();
        using (ServiceProvider services = Provide(_ => target))
        {
            var pipeline = services.GetRequiredService<SpeculativePipeline>();
            await pipeline.GenerateAsync([1], new() { MaxOutputTokens = 2 });
        }

        Assert.That(target.Disposals, Is.EqualTo(1));
    }

    [Test]
    public void A_pipeline_that_was_never_used_loads_nothing()
    {
        int loads = 0;
        using (ServiceProvider services = Provide(_ =>
        {
            loads++;
            return Counting.Target();
        }))
        {
            _ = services.GetRequiredService<SpeculativePipeline>();
        }

        Assert.That(loads, Is.Zero);
    }

    private static ServiceProvider Provide(Func<IServiceProvider, ITargetVerifier> target) =>
        new ServiceCollection().AddMinions().UseTarget(target).Services.BuildServiceProvider();
}
