using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Minions.Core.DependencyInjection;
using Minions.Core.Drafting;
using Minions.Core.Drafting.Ngram;
using Minions.Core.OnnxRuntime;
using Minions.Core.Pipeline;
using Minions.Core.Speculation;
using Minions.Core.Voting;

namespace Minions.Core.Tests.DependencyInjection;

internal sealed class OptionsValidationTests
{
    private static readonly string Target = Path.Combine(RepositoryFiles.Family, "target");

    [Test]
    public void A_host_with_faulty_options_does_not_start()
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddMinions();
        using IHost host = builder.Build();

        Assert.That(() => host.StartAsync(), Throws.TypeOf<OptionsValidationException>().With.Message.Contains("Target.Folder"));
    }

    [Test]
    public async Task Without_a_host_the_first_use_tells_the_fault()
    {
        await using ServiceProvider services = new ServiceCollection().AddMinions().Services.BuildServiceProvider();
        var pipeline = services.GetRequiredService<SpeculativePipeline>();

        Assert.Multiple(() =>
        {
            Assert.That(() => pipeline.LoadAsync(), Throws.TypeOf<OptionsValidationException>());
            Assert.That(() => pipeline.GenerateAsync("Hello"), Throws.TypeOf<OptionsValidationException>());
            Assert.That(async () => await pipeline.StreamAsync("Hello").GetAsyncEnumerator().MoveNextAsync(), Throws.TypeOf<OptionsValidationException>());
        });
    }

    [Test]
    public void Every_fault_is_listed_with_its_option()
    {
        IReadOnlyList<string> faults = FaultsOf(options =>
        {
            options.Target = new OnnxModelOptions { Folder = "no-such-folder", DeviceId = -1 };
            options.Drafts = [new OnnxModelOptions { Folder = RepositoryFiles.Family }, new OnnxModelOptions { IntraOpThreads = 0 }];
            options.SpeculationLength = 65;
            options.EndTokens = [1, -2];
            options.Pipeline.MaxConcurrentRequests = 0;
            options.Pipeline.DraftThreads = 65;
            options.Pipeline.DraftTimeLimit = TimeSpan.Zero;
        });

        string[] expected =
        [
            "Target.Folder", "Target.DeviceId", "Drafts[0].Folder", "Drafts[1].Folder", "Drafts[1].IntraOpThreads", "SpeculationLength",
            "EndTokens", "Pipeline.MaxConcurrentRequests", "Pipeline.DraftThreads", "Pipeline.DraftTimeLimit",
        ];
        Assert.Multiple(() =>
        {
            foreach (string option in expected)
                Assert.That(faults, Has.Some.Contains($"{option}:"), option);
            Assert.That(faults, Has.All.StartsWith("MinionsOptions: "));
            Assert.That(faults, Has.Some.Contains("'no-such-folder' does not exist"));
            Assert.That(faults, Has.Some.Contains("'genai_config.json'").And.Contains("'config.json'"));
        });
    }

    [Test]
    public void A_missing_target_says_how_to_give_one() =>
        Assert.That(FaultsOf(_ => { }), Has.One.Items.And.All.Contains("Target.Folder").And.All.Contains("UseTarget").And.All.Contains("UseDemoModels"));

    [Test]
    public void The_faults_of_a_named_pipeline_name_it()
    {
        using ServiceProvider services = new ServiceCollection().AddMinions("chat").Services.BuildServiceProvider();

        Assert.That(
            () => services.GetRequiredKeyedService<SpeculativePipeline>("chat").LoadAsync(),
            Throws.TypeOf<OptionsValidationException>().With.Message.Contains("pipeline 'chat'").And.Property("OptionsName").EqualTo("chat"));
    }

    [TestCase(4, 2, null, "Pipeline.MinSpeculationLength")]
    [TestCase(0, 2, 3, "SpeculationLength")]
    [TestCase(2, 4, 1, "SpeculationLength")]
    public void Lengths_that_contradict_each_other_are_refused(int minimum, int maximum, int? length, string option)
    {
        IReadOnlyList<string> faults = FaultsOf(options =>
        {
            options.Target = new OnnxModelOptions { Folder = Target };
            options.SpeculationLength = length;
            (options.Pipeline.MinSpeculationLength, options.Pipeline.MaxSpeculationLength) = (minimum, maximum);
        });

        Assert.That(faults, Has.One.Items.And.All.StartsWith($"MinionsOptions: {option}:"));
    }

    [Test]
    public void Values_that_no_enumeration_has_are_refused()
    {
        IReadOnlyList<string> faults = FaultsOf(options =>
        {
            options.Target = new OnnxModelOptions { Folder = Target };
            options.Target.Provider = (ExecutionProvider)8;
            options.Drafts = [new OnnxModelOptions { Folder = Path.Combine(RepositoryFiles.Family, "draft-docs"), Provider = (ExecutionProvider)9 }];
            options.SpeculationLengthRule = (SpeculationLengthRule)6;
            (options.Pipeline.Panel, options.Pipeline.Weights) = ((PanelMode)7, (DraftWeighting)(-1));
        });

        string[] expected =
        [
            "MinionsOptions: SpeculationLengthRule: 6 must be one of ", "MinionsOptions: Target.Provider: 8 must be one of ", "MinionsOptions: Drafts[0].Provider: 9 must be one of ",
            "MinionsOptions: Pipeline.Panel: 7 must be one of Auto, All.", "MinionsOptions: Pipeline.Weights: -1 must be one of ",
        ];
        Assert.That(faults, Has.Count.EqualTo(expected.Length));
        foreach (string fault in expected)
            Assert.That(faults, Has.Some.StartsWith(fault));
        Assert.That(() => new PipelineOptions { Panel = (PanelMode)7 }.Settle(), Throws.TypeOf<ArgumentOutOfRangeException>().With.Message.Contains("Panel: 7 must be one of Auto, All."));
        Assert.That(() => new PipelineOptions { Weights = (DraftWeighting)7 }.Settle(), Throws.TypeOf<ArgumentOutOfRangeException>().With.Message.Contains("Weights: 7 must be one of ").And.Message.Contains("Paper"));
    }

    [Test]
    public void Drafts_that_would_share_a_name_are_refused()
    {
        IReadOnlyList<string> faults = FaultsOf(options =>
        {
            options.Target = new OnnxModelOptions { Folder = Target };
            options.Drafts = [new OnnxModelOptions { Folder = Target }, new OnnxModelOptions { Folder = Target + Path.DirectorySeparatorChar }];
        });

        Assert.That(faults, Has.One.Items.And.All.Contains("Drafts[1].Folder"));
    }

    [Test]
    public void An_n_gram_draft_named_like_a_folder_is_refused()
    {
        IReadOnlyList<string> faults = FaultsOf(options =>
        {
            options.Target = new OnnxModelOptions { Folder = Target };
            options.Drafts = [new OnnxModelOptions { Folder = Target }];
            options.Ngram = new NgramDraftOptions { Name = "target" };
        });

        Assert.That(faults, Has.One.Items.And.All.Contains("Ngram.Name"));
    }

    [Test]
    public void Lists_and_members_set_to_null_are_refused() => Assert.Multiple(() =>
    {
        Assert.That(FaultsOf(options => (options.Target, options.Drafts) = (new OnnxModelOptions { Folder = Target }, null!)), Has.One.Items.And.All.Contains("Drafts"));
        Assert.That(FaultsOf(options => (options.Target, options.Drafts) = (new OnnxModelOptions { Folder = Target }, [null!])), Has.One.Items.And.All.Contains("Drafts[0]"));
        Assert.That(FaultsOf(options => (options.Target, options.Pipeline) = (new OnnxModelOptions { Folder = Target }, null!)), Has.One.Items.And.All.Contains("Pipeline"));
    });

    [Test]
    public void Too_many_drafts_are_refused()
    {
        var services = new ServiceCollection();
        MinionsBuilder builder = services.AddMinions().UseTarget(_ => Counting.Target());
        for (int i = 0; i < 65; i++)
            builder.AddDraft(_ => Counting.Draft());

        Assert.That(FaultsOf(services), Has.One.Items.And.All.Contains("65 drafts"));
    }

    [Test]
    public void What_excludes_each_other_is_refused()
    {
        var services = new ServiceCollection();
        services.AddMinions(options =>
            {
                options.Target = new OnnxModelOptions { Folder = Target };
                options.SpeculationLength = 3;
            })
            .UseTarget(_ => Counting.Target())
            .UseSpeculationLengthController<FiveAhead>();

        IReadOnlyList<string> faults = FaultsOf(services);
        Assert.That(faults, Has.Count.EqualTo(2));
        Assert.That(faults, Has.One.Contains("UseTarget"));
        Assert.That(faults, Has.One.Contains("UseSpeculationLengthController"));
    }

    [Test]
    public void A_fixed_length_and_a_rule_that_chooses_exclude_each_other([Values(SpeculationLengthRule.Goodput, SpeculationLengthRule.Trend)] SpeculationLengthRule rule)
    {
        IReadOnlyList<string> faults = FaultsOf(options =>
        {
            options.Target = new OnnxModelOptions { Folder = Target };
            (options.SpeculationLength, options.SpeculationLengthRule) = (3, rule);
        });

        Assert.That(faults, Has.One.Items.And.All.StartsWith("MinionsOptions: SpeculationLength:").And.All.Contains($"{rule}"));
    }

    [Test]
    public void A_rule_that_does_not_exist_is_refused() => Assert.That(
        FaultsOf(options => (options.Target, options.SpeculationLengthRule) = (new OnnxModelOptions { Folder = Target }, (SpeculationLengthRule)7)),
        Has.One.Items.And.All.Contains("SpeculationLengthRule"));

    [Test]
    public void A_rule_and_a_controller_of_ones_own_exclude_each_other()
    {
        var services = new ServiceCollection();
        services.AddMinions(options =>
            {
                options.Target = new OnnxModelOptions { Folder = Target };
                options.SpeculationLengthRule = SpeculationLengthRule.Trend;
            })
            .UseSpeculationLengthController<FiveAhead>();

        Assert.That(FaultsOf(services), Has.One.Items.And.All.StartsWith("MinionsOptions: SpeculationLengthRule:"));
    }

    [Test]
    public async Task A_folder_that_was_completed_after_resolving_is_found_by_the_next_call()
    {
        using var folder = new TemporaryFolder();
        await using ServiceProvider services = new ServiceCollection().AddMinions().UseTarget(folder.Path).Services.BuildServiceProvider();
        var pipeline = services.GetRequiredService<SpeculativePipeline>();
        Assert.That(() => pipeline.LoadAsync(), Throws.TypeOf<OptionsValidationException>());

        foreach (string file in Directory.GetFiles(Target))
            File.Copy(file, Path.Combine(folder.Path, Path.GetFileName(file)));
        await pipeline.LoadAsync();

        Assert.That(pipeline.IsLoaded);
    }

    private static IReadOnlyList<string> FaultsOf(Action<MinionsOptions> configure)
    {
        var services = new ServiceCollection();
        services.AddMinions(configure);
        return FaultsOf(services);
    }

    private static IReadOnlyList<string> FaultsOf(IServiceCollection services)
    {
        using ServiceProvider provider = services.BuildServiceProvider();
        var thrown = Assert.ThrowsAsync<OptionsValidationException>(() => provider.GetRequiredService<SpeculativePipeline>().LoadAsync());
        return [.. thrown!.Failures];
    }
}
