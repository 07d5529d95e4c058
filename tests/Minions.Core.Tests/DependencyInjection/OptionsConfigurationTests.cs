using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Minions.Core.DependencyInjection;
using Minions.Core.Drafting.Ngram;
using Minions.Core.OnnxRuntime;
using Minions.Core.Pipeline;

namespace Minions.Core.Tests.DependencyInjection;

internal sealed class OptionsConfigurationTests
{
    [Test]
    public void Every_public_option_has_a_key_and_no_key_is_without_an_option() => Assert.Multiple(() =>
    {
        Assert.That(OptionsSchema.Root.Keys, Is.EquivalentTo(PropertiesOf<MinionsOptions>()));
        Assert.That(OptionsSchema.Model.Keys, Is.EquivalentTo(PropertiesOf<OnnxModelOptions>()));
        Assert.That(OptionsSchema.Ngram.Keys, Is.EquivalentTo(PropertiesOf<NgramDraftOptions>()));
        Assert.That(OptionsSchema.Pipeline.Keys, Is.EquivalentTo(PropertiesOf<PipelineOptions>()));
    });

    [Test]
    public void Unreadable_values_are_listed_together_with_all_other_faults()
    {
        IReadOnlyList<string> faults = FaultsOf("""
            {
              "Minions": {
                "Target": { "Folder": "no-such-folder", "Provider": "Gpu" },
                "Drafts": [ { "Folder": "neither-this", "DeviceId": "first" }, "a-folder" ],
                "SpeculationLength": "long",
                "Pipeline": { "MaxConcurrentRequests": [ 1 ], "DraftTimeLimit": "soon", "Panel": "some", "Weights": 1.5 }
              }
            }
            """);

        string[] expected =
        [
            "Target.Provider: 'Gpu' (configuration key 'Minions:Target:Provider') should be one of Auto, Cpu, Cuda.",
            "Drafts[0].DeviceId: 'first' (configuration key 'Minions:Drafts:0:DeviceId') should be a whole number.",
            "Drafts[1]: 'a-folder' (configuration key 'Minions:Drafts:1') should be an object with Folder, Provider, DeviceId, ProviderOptions, SessionEntries, IntraOpThreads.",
            "SpeculationLength: 'long' (configuration key 'Minions:SpeculationLength') should be a whole number.",
            "Pipeline.MaxConcurrentRequests: configuration key 'Minions:Pipeline:MaxConcurrentRequests' holds several values, but should be a whole number.",
            "Pipeline.DraftTimeLimit: 'soon' (configuration key 'Minions:Pipeline:DraftTimeLimit') should be a time such as 00:00:05.",
            "Pipeline.Panel: 'some' (configuration key 'Minions:Pipeline:Panel') should be one of Auto, All.",
            "Pipeline.Weights: '1.5' (configuration key 'Minions:Pipeline:Weights') should be one of FullInformation, Paper.",
        ];
        Assert.Multiple(() =>
        {
            foreach (string fault in expected)
                Assert.That(faults, Does.Contain("MinionsOptions: " + fault));
            Assert.That(faults, Has.Some.Contains("Target.Folder: The model folder 'no-such-folder' does not exist"));
            Assert.That(faults, Has.Some.Contains("Drafts[0].Folder: The model folder 'neither-this' does not exist"));
            Assert.That(faults, Has.Count.EqualTo(expected.Length + 2));
        });
    }

    [Test]
    public void Keys_that_are_no_options_are_faults()
    {
        IReadOnlyList<string> faults = FaultsOf("""
            { "Minions": { "Targt": { "Folder": "x" }, "Target": { "Foldr": "x", "Folder": "y" } } }
            """);

        Assert.That(faults, Has.Some.Contains("'Targt' of configuration section 'Minions' is no option; the options here are Target, Drafts"));
        Assert.That(faults, Has.Some.Contains("Target: 'Foldr' of configuration section 'Minions:Target' is no option; the options here are Folder"));
    }

    [Test]
    public void A_section_that_does_not_exist_is_a_fault() =>
        Assert.That(FaultsOf("""{ "Minion": { } }"""), Has.Some.Contains("The configuration section 'Minions' does not exist or is empty"));

    [Test]
    public void A_whole_configuration_in_place_of_a_section_is_a_fault_that_says_so()
    {
        var services = new ServiceCollection();
        services.AddMinions(AddMinionsTests.Json("""{ "a": 1, "b": 2, "c": 3, "d": 4, "e": 5, "f": 6 }""")).UseTarget(_ => Counting.Target());

        Assert.That(FaultsOf(services), Has.One.Items.And.All.Contains("and 1 more of the configuration's root are no options").And.All.Contains("GetSection(\"Minions\")"));
    }

    [Test]
    public void Nulls_and_empty_lists_stand_for_the_defaults()
    {
        MinionsOptions options = Bound("""{ "Target": null, "Drafts": [], "SpeculationLength": null, "Pipeline": { "MaxConcurrentRequests": null } }""");

        Assert.Multiple(() =>
        {
            Assert.That(options.ConfigurationFaults, Is.Empty);
            Assert.That(options.Target, Is.Null);
            Assert.That(options.Drafts, Is.Empty);
            Assert.That(options.SpeculationLength, Is.Null);
            Assert.That(options.Pipeline.MaxConcurrentRequests, Is.EqualTo(new PipelineOptions().MaxConcurrentRequests));
        });
    }

    [Test]
    public void Keys_are_read_whatever_their_case()
    {
        MinionsOptions options = Bound("""{ "target": { "FOLDER": "x", "provider": "CUDA", "providerOptions": { "gpu_mem_limit": "1" } }, "speculationlength": "4" }""");

        Assert.Multiple(() =>
        {
            Assert.That(options.ConfigurationFaults, Is.Empty);
            Assert.That(options.Target!.Folder, Is.EqualTo("x"));
            Assert.That(options.Target.Provider, Is.EqualTo(ExecutionProvider.Cuda));
            Assert.That(options.Target.ProviderOptions, Contains.Key("gpu_mem_limit").WithValue("1"));
            Assert.That(options.SpeculationLength, Is.EqualTo(4));
        });
    }

    [Test]
    public void A_time_limit_is_read_as_a_time()
    {
        Assert.That(Bound("""{ "Pipeline": { "DraftTimeLimit": "00:00:01.5" } }""").Pipeline.DraftTimeLimit, Is.EqualTo(TimeSpan.FromSeconds(1.5)));

        // A bare number is days to the runtime, which nobody means.
        Assert.That(FaultsOf("""{ "Minions": { "Pipeline": { "DraftTimeLimit": "5" } } }"""), Has.Some.StartsWith("MinionsOptions: Pipeline.DraftTimeLimit: 5.00:00:00 must lie between"));
    }

    [Test]
    public void The_n_gram_draft_is_read_and_its_faults_are_named()
    {
        MinionsOptions options = Bound("""{ "Ngram": { "Name": "again", "MinMatchLength": "3", "PoolCapacity": 65536 } }""");
        IReadOnlyList<string> faults = FaultsOf("""{ "Minions": { "Ngram": { "MinMatchLength": 0, "PriorStrength": 0, "Name": "", "PoolCapacity": 5, "Pool": 1 } } }""");

        Assert.Multiple(() =>
        {
            Assert.That(options.ConfigurationFaults, Is.Empty);
            Assert.That((options.Ngram!.Name, options.Ngram.MinMatchLength, options.Ngram.PoolCapacity), Is.EqualTo(("again", 3, 65536)));
            Assert.That(Bound("""{ "SpeculationLength": 3 }""").Ngram, Is.Null);
            foreach (string option in new[] { "MinMatchLength", "PriorStrength", "Name", "PoolCapacity" })
                Assert.That(faults, Has.Some.StartsWith($"MinionsOptions: Ngram.{option}: "));
            Assert.That(faults, Has.Some.Contains("'Pool' of configuration section 'Minions:Ngram' is no option"));
        });
    }

    private static MinionsOptions Bound(string json)
    {
        var options = new MinionsOptions();
        OptionsConfiguration.Bind(AddMinionsTests.Json(json), options);
        return options;
    }

    private static IReadOnlyList<string> FaultsOf(string json)
    {
        var services = new ServiceCollection();
        services.AddMinions(AddMinionsTests.Json(json).GetSection("Minions"));
        return FaultsOf(services);
    }

    private static IReadOnlyList<string> FaultsOf(IServiceCollection services)
    {
        using ServiceProvider provider = services.BuildServiceProvider();
        var thrown = Assert.Throws<OptionsValidationException>(() => _ = provider.GetRequiredService<IOptions<MinionsOptions>>().Value);
        return [.. thrown!.Failures];
    }

    private static IEnumerable<string> PropertiesOf<T>() => typeof(T).GetProperties().Select(property => property.Name);
}
