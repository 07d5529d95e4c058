using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Minions.Core.DependencyInjection;
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
            options.Drafts.AddRange([new OnnxModelOptions { Folder = RepositoryFiles.Family }, new OnnxModelOptions { IntraOpThreads = 0 }]);
            options.EndTokens.AddRange([1, -2]);
            options.Pipeline.Speculation.MinLength = -1;
            options.Pipeline.MaxConcurrentRequests = 0;
            options.Pipeline.DraftThreads = 65;
            options.Pipeline.DraftTimeLimit = TimeSpan.Zero;
        });

        string[] expected =
        [
            "Target.Folder", "Target.DeviceId", "Drafts[0].Folder", "Drafts[1].Folder", "Drafts[1].IntraOpThreads", "EndTokens",
            "Pipeline.Speculation.MinLength", "Pipeline.MaxConcurrentRequests", "Pipeline.DraftThreads", "Pipeline.DraftTimeLimit",
        ];
        Assert.Multiple(() =>
        {
            foreach (string option in expected)
                Assert.That(faults, Has.Some.Contains($"MinionsOptions.{option}"), option);
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
        using ServiceProvider services = new ServiceCollection().AddKeyedMinions("chat").Services.BuildServiceProvider();

        Assert.That(
            () => services.GetRequiredKeyedService<SpeculativePipeline>("chat").LoadAsync(),
            Throws.TypeOf<OptionsValidationException>().With.Message.Contains("MinionsOptions['chat'].Target: ").And.Property("OptionsName").EqualTo("chat"));
    }

    [TestCase(4, 2, null, "MinLength")]
    [TestCase(0, 2, 3, "Length")]
    [TestCase(2, 4, 1, "Length")]
    public void Lengths_that_contradict_each_other_are_refused(int minimum, int maximum, int? length, string option)
    {
        IReadOnlyList<string> faults = FaultsOf(options =>
        {
            options.Target = new OnnxModelOptions { Folder = Target };
            options.Pipeline.Speculation = Lengths(minimum, maximum, length);
        });

        Assert.That(faults, Has.One.Items.And.All.Contains($"The field MinionsOptions.Pipeline.Speculation.{option} is "));
        Assert.That(
            () => new PipelineOptions { Speculation = Lengths(minimum, maximum, length) }.Settle(),
            Throws.ArgumentException.With.Message.Contains($"The field PipelineOptions.Speculation.{option} is "));
    }

    [Test]
    public void Values_that_no_enumeration_has_are_refused()
    {
        IReadOnlyList<string> faults = FaultsOf(options =>
        {
            options.Target = new OnnxModelOptions { Folder = Target };
            options.Target.Provider = (ExecutionProvider)8;
            options.Drafts.Add(new OnnxModelOptions { Folder = Path.Combine(RepositoryFiles.Family, "draft-docs"), Provider = (ExecutionProvider)9 });
            options.Pipeline.Speculation = new SpeculationOptions { Rule = (SpeculationLengthRule)6, DraftSelection = (DraftSelection)7, Weighting = (DraftWeighting)(-1) };
        });

        string[] expected =
        [
            "MinionsOptions.Target.Provider is 8 but must be one of Auto, Cpu, Cuda.", "MinionsOptions.Drafts[0].Provider is 9 but must be one of ",
            "MinionsOptions.Pipeline.Speculation.Rule is 6 but must be one of ", "MinionsOptions.Pipeline.Speculation.DraftSelection is 7 but must be one of Auto, All.",
            "MinionsOptions.Pipeline.Speculation.Weighting is -1 but must be one of ",
        ];
        Assert.That(faults, Has.Count.EqualTo(expected.Length));
        foreach (string fault in expected)
            Assert.That(faults, Has.Some.Contains(fault));
    }

    [Test]
    public void A_pipeline_made_by_hand_refuses_all_faulty_options_at_once()
    {
        var options = new PipelineOptions
        {
            MaxConcurrentRequests = 0,
            MaxQueuedRequests = -1,
            PrefixCacheSize = 1025,
            DraftThreads = 0,
            DraftTimeLimit = TimeSpan.Zero,
            Speculation = { Rule = (SpeculationLengthRule)6, Length = 65, MinLength = -1, MaxLength = 65, DraftSelection = (DraftSelection)7, Weighting = (DraftWeighting)7 },
        };

        var thrown = Assert.Throws<ArgumentException>(() => _ = new SpeculativePipeline(new PipelineComponents { Target = Counting.Target(), LeaveOpen = true }, options));

        string[] expected = [.. PropertiesOf<SpeculationOptions>().Select(name => $"Speculation.{name}"), "MaxConcurrentRequests", "MaxQueuedRequests", "PrefixCacheSize", "DraftThreads", "DraftTimeLimit"];
        Assert.Multiple(() =>
        {
            foreach (string option in expected)
                Assert.That(thrown!.Message, Does.Contain($"The field PipelineOptions.{option} "));
        });
        Assert.That(() => new PipelineOptions { Speculation = null! }.Settle(), Throws.ArgumentException.With.Message.Contains("PipelineOptions.Speculation field is required"));
    }

    [Test]
    public void With_a_greatest_length_of_0_other_lengths_say_nothing() =>
        Assert.That(() => new PipelineOptions { Speculation = Lengths(4, 0, 3) }.Settle(), Throws.Nothing);

    [Test]
    public void Drafts_that_would_share_a_name_are_refused()
    {
        IReadOnlyList<string> faults = FaultsOf(options =>
        {
            options.Target = new OnnxModelOptions { Folder = Target };
            options.Drafts.AddRange([new OnnxModelOptions { Folder = Target }, new OnnxModelOptions { Folder = Target + Path.DirectorySeparatorChar }]);
        });

        Assert.That(faults, Has.One.Items.And.All.Contains("Drafts[1]: 'target' is Drafts[0] too"));
    }

    [Test]
    public void An_n_gram_draft_named_like_a_folder_is_refused()
    {
        IReadOnlyList<string> faults = FaultsOf(options =>
        {
            options.Target = new OnnxModelOptions { Folder = Target };
            options.Drafts.Add(new OnnxModelOptions { Folder = Target });
            options.Ngram = new NgramDraftOptions { Name = "target" };
        });

        Assert.That(faults, Has.One.Items.And.All.Contains("Ngram.Name"));
    }

    [Test]
    public void Entries_and_members_set_to_null_are_refused() => Assert.Multiple(() =>
    {
        Assert.That(FaultsOf(options =>
        {
            options.Target = new OnnxModelOptions { Folder = Target };
            options.Drafts.Add(null!);
        }), Has.One.Items.And.All.Contains("MinionsOptions.Drafts[0]"));
        Assert.That(FaultsOf(options => (options.Target, options.Pipeline) = (new OnnxModelOptions { Folder = Target }, null!)), Has.One.Items.And.All.Contains("MinionsOptions.Pipeline"));
        Assert.That(FaultsOf(options => (options.Target, options.Pipeline.Speculation) = (new OnnxModelOptions { Folder = Target }, null!)), Has.One.Items.And.All.Contains("MinionsOptions.Pipeline.Speculation"));
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
                (options.Pipeline.Speculation.Rule, options.Pipeline.Speculation.Length) = (SpeculationLengthRule.Fixed, 3);
            })
            .UseTarget(_ => Counting.Target())
            .UseSpeculationLengthController<FiveAhead>();

        IReadOnlyList<string> faults = FaultsOf(services);
        Assert.That(faults, Has.Count.EqualTo(3));
        Assert.That(faults, Has.One.Contains("UseTarget"));
        Assert.That(faults, Has.One.StartsWith("MinionsOptions.Pipeline.Speculation.Rule: Fixed and UseSpeculationLengthController"));
        Assert.That(faults, Has.One.StartsWith("MinionsOptions.Pipeline.Speculation.Length: 3 and UseSpeculationLengthController"));
    }

    [Test]
    public void A_fixed_length_and_a_rule_that_chooses_exclude_each_other([Values(SpeculationLengthRule.Goodput, SpeculationLengthRule.Trend)] SpeculationLengthRule rule)
    {
        IReadOnlyList<string> faults = FaultsOf(options =>
        {
            options.Target = new OnnxModelOptions { Folder = Target };
            (options.Pipeline.Speculation.Length, options.Pipeline.Speculation.Rule) = (3, rule);
        });

        Assert.That(faults, Has.One.Items.And.All.Contains("MinionsOptions.Pipeline.Speculation.Length is 3").And.All.Contains($"{rule}"));
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

    private static SpeculationOptions Lengths(int minimum, int maximum, int? length) =>
        new() { Rule = length is null ? SpeculationLengthRule.Goodput : SpeculationLengthRule.Fixed, Length = length, MinLength = minimum, MaxLength = maximum };

    private static IEnumerable<string> PropertiesOf<T>() => typeof(T).GetProperties().Select(property => property.Name);

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
