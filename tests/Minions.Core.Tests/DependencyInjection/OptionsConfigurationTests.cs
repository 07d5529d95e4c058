using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Minions.Core.DependencyInjection;
using Minions.Core.Drafting.Ngram;
using Minions.Core.OnnxRuntime;
using Minions.Core.Pipeline;
using Minions.Core.Speculation;

namespace Minions.Core.Tests.DependencyInjection;

internal sealed class OptionsConfigurationTests
{
    [TestCase("""{ "Target": { "Provider": "Gpu" } }""", "Gpu", "Minions:Target:Provider")]
    [TestCase("""{ "Drafts": [ { "DeviceId": "first" } ] }""", "first", "Minions:Drafts:0:DeviceId")]
    [TestCase("""{ "EndTokens": [ 1, "two" ] }""", "two", "Minions:EndTokens:1")]
    [TestCase("""{ "Ngram": { "PoolCapacity": "1e3" } }""", "1e3", "Minions:Ngram:PoolCapacity")]
    [TestCase("""{ "Pipeline": { "DraftTimeLimit": "soon" } }""", "soon", "Minions:Pipeline:DraftTimeLimit")]
    [TestCase("""{ "Pipeline": { "PreDraft": "maybe" } }""", "maybe", "Minions:Pipeline:PreDraft")]
    [TestCase("""{ "Pipeline": { "Speculation": { "Rule": "best" } } }""", "best", "Minions:Pipeline:Speculation:Rule")]
    [TestCase("""{ "Pipeline": { "Speculation": { "Length": 1.5 } } }""", "1.5", "Minions:Pipeline:Speculation:Length")]
    [TestCase("""{ "Target": "a-folder" }""", "a-folder", "Minions:Target")]
    [TestCase("""{ "Drafts": "a-folder" }""", "a-folder", "Minions:Drafts")]
    [TestCase("""{ "Drafts": [ { "Folder": "x" }, "a-folder" ] }""", "a-folder", "Minions:Drafts:1")]
    [TestCase("""{ "Heads": "a-folder" }""", "a-folder", "Minions:Heads")]
    [TestCase("""{ "Heads": [ "a-folder" ] }""", "a-folder", "Minions:Heads:0")]
    [TestCase("""{ "Target": { "Folder": "x", "States": "final" } }""", "final", "Minions:Target:States")]
    [TestCase("""{ "Heads": [ { "Folder": "x", "States": "final" } ] }""", "final", "Minions:Heads:0:States")]
    [TestCase("""{ "Drafts": [ { "Folder": "x", "SessionEntries": "a=1" } ] }""", "a=1", "Minions:Drafts:0:SessionEntries")]
    [TestCase("""{ "Target": { "Folder": "x", "ProviderOptions": "a=1" } }""", "a=1", "Minions:Target:ProviderOptions")]
    [TestCase("""{ "EndTokens": 7 }""", "7", "Minions:EndTokens")]
    [TestCase("""{ "Pipeline": { "Speculation": "Trend" } }""", "Trend", "Minions:Pipeline:Speculation")]
    public void A_value_that_cannot_be_read_is_a_fault_with_its_key(string section, string value, string key) => Assert.That(
        FaultsOf($$"""{ "Minions": {{section}} }"""),
        Has.One.Items.And.All.StartsWith("MinionsOptions: ").And.All.Contains($"'{value}' at ").And.All.Contains($"'{key}'"));

    [TestCase("""{ "Targt": { "Folder": "x" } }""", "Targt", "MinionsOptions")]
    [TestCase("""{ "Target": { "Foldr": "x" } }""", "Foldr", "OnnxModelOptions")]
    [TestCase("""{ "Drafts": [ { "Foldr": "x" } ] }""", "Foldr", "OnnxModelOptions")]
    [TestCase("""{ "Ngram": { "Pool": 1 } }""", "Pool", "NgramDraftOptions")]
    [TestCase("""{ "Pipeline": { "MaxConcurrency": 1 } }""", "MaxConcurrency", "PipelineOptions")]
    [TestCase("""{ "Pipeline": { "Speculation": { "Lenght": 1 } } }""", "Lenght", "SpeculationOptions")]
    public void A_key_that_is_no_option_is_a_fault(string section, string key, string options) => Assert.That(
        FaultsOf($$"""{ "Minions": {{section}} }"""),
        Has.One.Items.And.All.Contains("configuration section 'Minions'").And.All.Contains($"'{key}'").And.All.Contains(options));

    [Test]
    public void A_host_with_a_section_that_cannot_be_bound_does_not_start()
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddMinions(AddMinionsTests.Json("""{ "Minions": { "Pipeline": { "DraftThreads": "all" } } }""").GetSection("Minions"));
        using IHost host = builder.Build();

        Assert.That(() => host.StartAsync(), Throws.TypeOf<OptionsValidationException>().With.Message.Contains("'all' at 'Minions:Pipeline:DraftThreads'"));
    }

    [Test]
    public void A_section_that_does_not_exist_is_a_fault() =>
        Assert.That(FaultsOf("""{ "Minion": { } }"""), Has.Some.Contains("configuration section 'Minions' does not exist or is empty"));

    [Test]
    public void A_whole_configuration_in_place_of_a_section_is_a_fault_that_says_so()
    {
        var services = new ServiceCollection();
        services.AddMinions(AddMinionsTests.Json("""{ "a": 1, "b": 2 }""")).UseTarget(_ => Counting.Target());

        Assert.That(FaultsOf(services), Has.One.Items.And.All.Contains("'a', 'b'").And.All.Contains("GetSection(\"Minions\")"));
    }

    [Test]
    public void Nulls_and_empty_lists_say_nothing_where_an_option_cannot_be_null()
    {
        MinionsOptions options = Bound("""{ "Target": null, "Drafts": [], "EndTokens": [], "Pipeline": { "MaxConcurrentRequests": null, "Speculation": { "Length": null, "MaxLength": null } } }""");

        Assert.Multiple(() =>
        {
            Assert.That(options.ConfigurationFaults, Is.Empty);
            Assert.That(options.Target, Is.Null);
            Assert.That(options.Drafts, Is.Empty);
            Assert.That(options.EndTokens, Is.Empty);
            Assert.That(options.Pipeline.MaxConcurrentRequests, Is.EqualTo(new PipelineOptions().MaxConcurrentRequests));
            Assert.That(options.Pipeline.Speculation.Length, Is.Null);
            Assert.That(options.Pipeline.Speculation.MaxLength, Is.EqualTo(16));
        });
    }

    [Test]
    public void Keys_and_names_are_read_whatever_their_case()
    {
        MinionsOptions options = Bound("""{ "target": { "FOLDER": "x", "provider": "CUDA", "providerOptions": { "gpu_mem_limit": "1" } }, "pipeline": { "SPECULATION": { "rule": "trend" } } }""");

        Assert.Multiple(() =>
        {
            Assert.That(options.ConfigurationFaults, Is.Empty);
            Assert.That(options.Target!.Folder, Is.EqualTo("x"));
            Assert.That(options.Target.Provider, Is.EqualTo(ExecutionProvider.Cuda));
            Assert.That(options.Target.ProviderOptions, Contains.Key("gpu_mem_limit").WithValue("1"));
            Assert.That(options.Pipeline.Speculation.Rule, Is.EqualTo(SpeculationLengthRule.Trend));
        });
    }

    [Test]
    public void A_time_limit_is_read_as_a_time()
    {
        Assert.That(Bound("""{ "Pipeline": { "DraftTimeLimit": "00:00:01.5" } }""").Pipeline.DraftTimeLimit, Is.EqualTo(TimeSpan.FromSeconds(1.5)));
        Assert.That(Bound("""{ "Pipeline": { "DraftTimeLimit": null } }""").Pipeline.DraftTimeLimit, Is.Null, "for ever, as in code");

        // A bare number is days to the runtime, which nobody means.
        Assert.That(FaultsOf("""{ "Minions": { "Pipeline": { "DraftTimeLimit": "5" } } }"""), Has.Some.Contains("MinionsOptions.Pipeline.DraftTimeLimit is 5.00:00:00 but must lie between"));
    }

    [Test]
    public void The_n_gram_draft_is_read_and_its_faults_are_named()
    {
        MinionsOptions options = Bound("""{ "Ngram": { "Name": "again", "MinMatchLength": "3", "PoolCapacity": 65536, "SharesPoolAcrossKeys": true } }""");
        IReadOnlyList<string> faults = FaultsOf("""{ "Minions": { "Ngram": { "MinMatchLength": 0, "PriorStrength": 0, "Name": "", "PoolCapacity": 5 } } }""");

        Assert.Multiple(() =>
        {
            Assert.That(options.ConfigurationFaults, Is.Empty);
            Assert.That((options.Ngram!.Name, options.Ngram.MinMatchLength, options.Ngram.PoolCapacity, options.Ngram.SharesPoolAcrossKeys), Is.EqualTo(("again", 3, 65536, true)));
            Assert.That(new NgramDraftOptions().SharesPoolAcrossKeys, Is.False);
            Assert.That(Bound("""{ "EndTokens": [ 3 ] }""").Ngram, Is.Null);
            foreach (string option in new[] { "MinMatchLength", "PriorStrength", "Name", "PoolCapacity" })
                Assert.That(faults, Has.Some.Contains($"MinionsOptions.Ngram.{option} "));
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
}
