using System.Text;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Minions.Core.DependencyInjection;
using Minions.Core.Generation;
using Minions.Core.OnnxRuntime;
using Minions.Core.Speculation;
using Minions.Core.Voting;

namespace Minions.Core.Tests.DependencyInjection;

internal sealed class AddMinionsTests
{
    private static readonly string Target = Path.Combine(RepositoryFiles.Family, "target");
    private static readonly string Tales = Path.Combine(RepositoryFiles.Family, "draft-tales");
    private static readonly string Docs = Path.Combine(RepositoryFiles.Family, "draft-docs");

    [Test]
    public async Task Models_named_in_code_generate_text()
    {
        await using ServiceProvider services = new ServiceCollection()
            .AddMinions(options =>
            {
                options.Target = new OnnxModelOptions { Folder = Target, Provider = ExecutionProvider.Cpu };
                options.Drafts.Add(new OnnxModelOptions { Folder = Tales, Provider = ExecutionProvider.Cpu });
            })
            .AddDraft(Docs)
            .Services.BuildServiceProvider();

        var pipeline = services.GetRequiredService<SpeculativePipeline>();
        Assert.That(pipeline.IsLoaded, Is.False, "resolving loads nothing");
        GenerationResult result = await pipeline.GenerateAsync("Once upon a time", new GenerationOptions { MaxOutputTokens = 12 });

        Assert.Multiple(() =>
        {
            Assert.That(result.Text, Is.Not.Empty);
            Assert.That(pipeline.Info.DraftNames, Is.EqualTo(new[] { "draft-tales", "draft-docs" }));
            Assert.That(pipeline.Info.Tokenizer, Is.Not.Null);
        });
    }

    [Test]
    public async Task Models_named_in_configuration_generate_text()
    {
        IConfiguration configuration = Json($$"""
            {
              "Minions": {
                "Target": { "Folder": "{{Escaped(Target)}}", "Provider": "cpu", "IntraOpThreads": 1, "SessionEntries": { "session.intra_op.allow_spinning": "0" } },
                "Drafts": [ { "Folder": "{{Escaped(Tales)}}" }, { "Folder": "{{Escaped(Docs)}}", "Provider": "Cpu" } ],
                "EndTokens": [ 7, 9 ],
                "Pipeline": { "MaxConcurrentRequests": 3, "DraftThreads": 1,
                  "Speculation": { "Rule": "fixed", "Length": 2, "MinLength": 1, "MaxLength": 4, "DraftSelection": "all", "Weighting": "RewardPenalty" } }
              }
            }
            """);
        await using ServiceProvider services = new ServiceCollection()
            .AddMinions(configuration.GetSection("Minions"))
            .Services.BuildServiceProvider();

        MinionsOptions options = services.GetRequiredService<IOptions<MinionsOptions>>().Value;
        GenerationResult result = await services.GetRequiredService<SpeculativePipeline>()
            .GenerateAsync("Once upon a time", new GenerationOptions { MaxOutputTokens = 12 });

        Assert.Multiple(() =>
        {
            Assert.That(options.Target!.Provider, Is.EqualTo(ExecutionProvider.Cpu));
            Assert.That(options.Target.IntraOpThreads, Is.EqualTo(1));
            Assert.That(options.Target.SessionEntries, Contains.Key("session.intra_op.allow_spinning").WithValue("0"));
            Assert.That(options.Drafts.Select(draft => draft.Folder), Is.EqualTo(new[] { Tales, Docs }));
            Assert.That(options.EndTokens, Is.EqualTo(new[] { 7, 9 }));
            Assert.That(options.Pipeline.MaxConcurrentRequests, Is.EqualTo(3));
            Assert.That(options.Pipeline.DraftThreads, Is.EqualTo(1));
            SpeculationOptions speculation = options.Pipeline.Speculation;
            Assert.That((speculation.Rule, speculation.Length, speculation.MinLength, speculation.MaxLength), Is.EqualTo((SpeculationLengthRule.Fixed, 2, 1, 4)));
            Assert.That((speculation.DraftSelection, speculation.Weighting), Is.EqualTo((DraftSelection.All, DraftWeighting.RewardPenalty)));
            Assert.That(result.Text, Is.Not.Empty);
        });
    }

    [Test]
    public async Task Keyed_pipelines_have_options_and_models_of_their_own()
    {
        TabularTarget first = Counting.Target();
        TabularTarget second = Counting.Target();
        var services = new ServiceCollection();
        services.AddKeyedMinions("short", options => options.EndTokens.Add(13)).UseTarget(_ => first);
        services.AddKeyedMinions("long", Json("""{ "EndTokens": [ 16 ] }""")).UseTarget(_ => second).AddDraft(_ => Counting.Draft());
        await using ServiceProvider provider = services.BuildServiceProvider();

        var shorter = provider.GetRequiredKeyedService<SpeculativePipeline>("short");
        var longer = provider.GetRequiredKeyedService<SpeculativePipeline>("long");

        Assert.Multiple(async () =>
        {
            Assert.That((await shorter.GenerateAsync([10])).TokenIds, Is.EqualTo(new[] { 11, 12, 13 }));
            Assert.That((await longer.GenerateAsync([10])).TokenIds, Is.EqualTo(new[] { 11, 12, 13, 14, 15, 16 }));
            Assert.That(shorter.Info.DraftNames, Is.Empty);
            Assert.That(longer.Info.DraftNames, Is.EqualTo(new[] { "counting" }));
            Assert.That(provider.GetKeyedService<SpeculativePipeline>("long"), Is.SameAs(longer));
            Assert.That(provider.GetService<SpeculativePipeline>(), Is.Null, "named pipelines are not the default one");
        });
    }

    [Test]
    public async Task Adding_a_pipeline_twice_adds_to_its_options()
    {
        var services = new ServiceCollection();
        services.AddMinions(options => options.EndTokens.Add(12));
        services.AddMinions().UseTarget(_ => Counting.Target());
        await using ServiceProvider provider = services.BuildServiceProvider();

        Assert.That(provider.GetServices<SpeculativePipeline>().Count(), Is.EqualTo(1));
        Assert.That((await provider.GetRequiredService<SpeculativePipeline>().GenerateAsync([10])).TokenIds, Is.EqualTo(new[] { 11, 12 }));
    }

    [Test]
    public async Task Clock_and_loggers_come_from_the_container()
    {
        var time = new FakeTimeProvider();
        using var log = new CollectingLoggerProvider();
        var services = new ServiceCollection();
        services.AddSingleton<TimeProvider>(time);
        services.AddLogging(logging => logging.AddProvider(log));
        services.AddMinions().UseTarget(_ => Counting.Target()).AddDraft(_ => Failing());
        await using ServiceProvider provider = services.BuildServiceProvider();

        GenerationResult result = await provider.GetRequiredService<SpeculativePipeline>()
            .GenerateAsync([10], new GenerationOptions { MaxOutputTokens = 8 });

        Assert.Multiple(() =>
        {
            Assert.That(result.TokenIds, Has.Count.EqualTo(8), "a failing draft fails no request");
            Assert.That(result.Elapsed, Is.EqualTo(TimeSpan.Zero), "nobody moved the clock");
            Assert.That(log.Categories, Does.Contain(typeof(SpeculativePipeline).FullName));
        });
    }

    [Test]
    public async Task A_host_with_good_options_starts_and_disposes_the_models()
    {
        TabularTarget target = Counting.Target();
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddMinions().UseTarget(_ => target);

        using (IHost host = builder.Build())
        {
            await host.StartAsync();
            await host.Services.GetRequiredService<SpeculativePipeline>().LoadAsync();
            await host.StopAsync();
        }

        Assert.That(target.Disposals, Is.EqualTo(1));
    }

    [TestCase("")]
    [TestCase(" ")]
    public void A_pipeline_needs_a_name_when_one_is_given(string name) =>
        Assert.That(() => new ServiceCollection().AddKeyedMinions(name), Throws.ArgumentException);

    internal static IConfiguration Json(string json) =>
        new ConfigurationBuilder().AddJsonStream(new MemoryStream(Encoding.UTF8.GetBytes(json))).Build();

    private static string Escaped(string path) => path.Replace("\\", "\\\\", StringComparison.Ordinal);

    private static TabularDraft Failing() =>
        new("failing", Counting.By(1)) { BeforeOpen = () => throw new InvalidOperationException("No memory.") };

    private sealed class CollectingLoggerProvider : ILoggerProvider, ILogger
    {
        public HashSet<string> Categories { get; } = [];

        private string _category = "";

        public ILogger CreateLogger(string categoryName)
        {
            _category = categoryName;
            return this;
        }

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Categories.Add(_category);

        public void Dispose()
        {
        }
    }
}
