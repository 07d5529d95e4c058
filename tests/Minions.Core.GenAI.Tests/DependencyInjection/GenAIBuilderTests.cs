using System.Text;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Minions.Core.Generation;

namespace Minions.Core.GenAI.Tests.DependencyInjection;

internal sealed class GenAIBuilderTests
{
    private static readonly GenerationOptions Twelve = new() { MaxOutputTokens = 12 };

    [Test]
    public async Task Target_and_drafts_named_in_code_generate_text()
    {
        await using ServiceProvider services = new ServiceCollection().AddMinions()
            .UseGenAITarget(GenAIFolders.FamilyTarget, target => target.IntraOpThreads = 1)
            .AddGenAIDraft(GenAIFolders.Tales)
            .AddDraft(GenAIFolders.Docs)
            .AddNgramDraft()
            .Services.BuildServiceProvider();
        var pipeline = services.GetRequiredService<SpeculativePipeline>();
        GenerationResult result = await pipeline.GenerateAsync("Once upon a time", Twelve);

        Assert.That(result.Text, Is.Not.Empty);
        Assert.That(pipeline.Info.DraftNames, Is.EqualTo(new[] { "draft-docs", "ngram", "draft-tales" }));
        Assert.That(pipeline.Info.Tokenizer, Is.Not.Null);
        Assert.That(result.Text, Is.EqualTo((await pipeline.GenerateAsync("Once upon a time", Twelve with { Speculate = false })).Text));
    }

    [Test]
    public async Task Target_and_drafts_named_in_configuration_generate_text()
    {
        IConfiguration configuration = Json($$"""
            { "GenAI": {
              "Target": { "Folder": "{{Escaped(GenAIFolders.FamilyTarget)}}", "Provider": "cpu", "SessionEntries": { "session.intra_op.allow_spinning": "0" } },
              "Drafts": [ { "Folder": "{{Escaped(GenAIFolders.Tales)}}", "Name": "tales" }, { "Folder": "{{Escaped(GenAIFolders.Plays)}}", "IntraOpThreads": 1 } ] } }
            """);
        await using ServiceProvider services = new ServiceCollection().AddKeyedMinions("story").UseGenAI(configuration.GetSection("GenAI")).Services.BuildServiceProvider();
        var pipeline = services.GetRequiredKeyedService<SpeculativePipeline>("story");

        Assert.That((await pipeline.GenerateAsync("Once upon a time", Twelve)).Text, Is.Not.Empty);
        Assert.That(pipeline.Info.DraftNames, Is.EqualTo(new[] { "tales", "draft-plays" }));
    }

    [Test]
    public async Task A_draft_on_GenAI_guesses_for_a_target_of_the_librarys_own()
    {
        await using ServiceProvider services = new ServiceCollection().AddMinions()
            .UseTarget(GenAIFolders.FamilyTarget)
            .AddGenAIDraft(GenAIFolders.Tales)
            .Services.BuildServiceProvider();
        GenerationResult result = await services.GetRequiredService<SpeculativePipeline>().GenerateAsync("Once upon a time", new GenerationOptions { MaxOutputTokens = 48 });

        Assert.That(result.Statistics.AcceptedTokens, Is.Positive);
    }

    [Test]
    public void Every_fault_is_told_when_the_host_starts()
    {
        HostApplicationBuilder builder = Host.CreateApplicationBuilder();
        builder.Services.AddMinions()
            .UseGenAITarget("no-target", target => target.ProviderOptions["device_id"] = "1")
            .AddGenAIDraft("no-draft", draft => draft.IntraOpThreads = 0)
            .AddGenAIDraft(GenAIFolders.Tales, draft => draft.Adapters["law"] = "no.onnx_adapter");
        using IHost host = builder.Build();

        OptionsValidationException? fault = Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync());
        string[] faults = [.. fault!.Failures];
        Assert.That(faults, Has.Some.Contains("GenAIPipelineOptions.Target.Folder: The model folder 'no-target' does not exist"));
        Assert.That(faults, Has.Some.Contains("Target.ProviderOptions: given without a Provider"));
        Assert.That(faults, Has.Some.Contains("Drafts[0].Folder: The model folder 'no-draft' does not exist"));
        Assert.That(faults, Has.Some.Contains("IntraOpThreads"));
        Assert.That(faults, Has.Some.Contains("Drafts[1].Adapters: 'law' has no file 'no.onnx_adapter'"));
    }

    [TestCase("""{ "GenAI": { "Target": { "Folder": "x", "Speed": 3 } } }""", "Speed")]
    [TestCase("""{ "GenAI": { "Target": { "Folder": "x", "IntraOpThreads": "many" } } }""", "IntraOpThreads")]
    [TestCase("""{ "GenAI": { "Target": "a-folder" } }""", "'a-folder' at configuration key 'GenAI:Target'")]
    [TestCase("""{ "GenAI": { "Drafts": "a-folder" } }""", "'a-folder' at configuration key 'GenAI:Drafts'")]
    [TestCase("""{ "GenAI": { "Target": { "Folder": "x" }, "Drafts": [ "a-folder" ] } }""", "'a-folder' at configuration key 'GenAI:Drafts:0'")]
    [TestCase("""{ "GenAI": { "Target": { "Folder": "x", "Adapters": "law" } } }""", "'law' at configuration key 'GenAI:Target:Adapters'")]
    [TestCase("""{ "Other": 1 }""", "'GenAI' names neither a Target nor Drafts")]
    public void Configuration_that_cannot_be_read_is_told(string json, string what)
    {
        using ServiceProvider services = new ServiceCollection().AddMinions().UseTarget(GenAIFolders.FamilyTarget).UseGenAI(Json(json).GetSection("GenAI")).Services.BuildServiceProvider();

        Assert.That(
            () => services.GetRequiredService<SpeculativePipeline>().LoadAsync(),
            Throws.InstanceOf<OptionsValidationException>().With.Message.Contains(what));
    }

    [Test]
    public void A_draft_with_another_tokenizer_is_refused_whatever_it_runs_on()
    {
        foreach (bool onGenAI in new[] { true, false })
        {
            var builder = new ServiceCollection().AddMinions().UseGenAITarget(GenAIFolders.FamilyTarget);
            _ = onGenAI ? builder.AddGenAIDraft(GenAIFolders.SmolLm2Code) : builder.AddDraft(GenAIFolders.SmolLm2Code);
            using ServiceProvider services = builder.Services.BuildServiceProvider();

            Assert.That(
                () => services.GetRequiredService<SpeculativePipeline>().LoadAsync(),
                Throws.InstanceOf<ModelLoadException>().With.Message.Contains("draft-code").And.Message.Contains("Take a draft that was made for this target's tokenizer"));
        }
    }

    [Test]
    public async Task A_tokenizer_that_is_given_wins_over_the_folders_own()
    {
        var own = new LetterTokenizer();
        await using ServiceProvider services = new ServiceCollection().AddMinions()
            .UseTokenizer(_ => own)
            .UseGenAITarget(GenAIFolders.FamilyTarget)
            .Services.BuildServiceProvider();
        var pipeline = services.GetRequiredService<SpeculativePipeline>();
        await pipeline.LoadAsync();

        Assert.That(pipeline.Info.Tokenizer, Is.SameAs(own));
    }

    private static IConfigurationRoot Json(string json) => new ConfigurationBuilder().AddJsonStream(new MemoryStream(Encoding.UTF8.GetBytes(json))).Build();

    private static string Escaped(string path) => path.Replace("\\", "\\\\", StringComparison.Ordinal);
}
