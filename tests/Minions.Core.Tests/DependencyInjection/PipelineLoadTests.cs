using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Minions.Core.OnnxRuntime;
using Minions.Core.Pipeline;
using Minions.Core.Tests.OnnxRuntime.Synthetic;
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
    public async Task Folders_of_one_name_and_files_of_one_folder_load_as_drafts_of_different_names()
    {
        using var folder = new TemporaryFolder();
        var options = new SyntheticOptions();
        foreach (string name in (string[])["target", "code/small", "facts/small"])
            SyntheticFolder.Write(Path.Combine(folder.Path, name), options, SyntheticDecoder.Build(options));
        string facts = Path.Combine(folder.Path, "facts", "small");
        File.Move(Path.Combine(facts, "model.onnx"), Path.Combine(facts, "model_q4.onnx"));
        File.Copy(Path.Combine(facts, "model_q4.onnx"), Path.Combine(facts, "model_int8.onnx"));
        string root = folder.Path.Replace('\\', '/');
        await using ServiceProvider services = new ServiceCollection().AddMinions(AddMinionsTests.Json($$"""
            { "Minions": {
                "Target": { "Folder": "{{root}}/target" },
                "Drafts": [ { "Folder": "{{root}}/code/small" }, { "Folder": "{{root}}/facts/small", "ModelFile": "model_q4.onnx" },
                            { "Folder": "{{root}}/facts/small", "ModelFile": "model_int8.onnx", "Name": "int8" } ] } }
            """).GetSection("Minions")).Services.BuildServiceProvider();

        PipelineInfo info = await services.GetRequiredService<SpeculativePipeline>().LoadAsync();

        Assert.That(info.DraftNames, Is.EqualTo(new[] { "code/small", "facts/small", "int8" }));
        Assert.That(info.ModelDefaults.Source, Does.EndWith("generation_config.json"));
    }

    [TestCase("", 1)]
    [TestCase("7", 0)]
    public async Task A_target_without_an_end_token_is_warned_of_once_unless_the_options_name_one(string endToken, int warnings)
    {
        var options = new SyntheticOptions();
        using var folder = SyntheticFolder.Create(options);
        File.Delete(Path.Combine(folder.Path, "generation_config.json"));
        string config = Path.Combine(folder.Path, "config.json");
        await File.WriteAllTextAsync(config, (await File.ReadAllTextAsync(config)).Replace("\"eos_token_id\":0", "\"eos_token_id\":-1"));
        var log = new Lines();
        await using ServiceProvider services = new ServiceCollection().AddLogging(builder => builder.AddProvider(log)).AddMinions(minions =>
        {
            minions.Target = new OnnxModelOptions { Folder = folder.Path };
            if (endToken.Length > 0)
                minions.EndTokens.Add(int.Parse(endToken, System.Globalization.CultureInfo.InvariantCulture));
        }).Services.BuildServiceProvider();

        await services.GetRequiredService<SpeculativePipeline>().LoadAsync();

        Assert.That(log.Warnings.Count(line => line.Contains("names an end token")), Is.EqualTo(warnings));
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

    private sealed class Lines : ILoggerProvider, ILogger
    {
        public ConcurrentQueue<string> Warnings { get; } = [];

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel == LogLevel.Warning;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel))
                Warnings.Enqueue(formatter(state, exception));
        }

        public void Dispose()
        {
        }
    }
}
