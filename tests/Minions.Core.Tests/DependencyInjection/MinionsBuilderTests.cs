using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Minions.Core.DependencyInjection;
using Minions.Core.Drafting.Ngram;
using Minions.Core.Generation;
using Minions.Core.OnnxRuntime;
using Minions.Core.Speculation;
using Minions.Core.Voting;

namespace Minions.Core.Tests.DependencyInjection;

internal sealed class MinionsBuilderTests
{
    private static readonly GenerationOptions Ten = new() { MaxOutputTokens = 10 };

    [Test]
    public async Task Target_drafts_and_tokenizer_can_be_replaced()
    {
        await using ServiceProvider services = new ServiceCollection()
            .AddMinions()
            .UseTarget(_ => Counting.Target())
            .AddDraft(_ => Counting.Draft("first"))
            .AddDraft(_ => Counting.Draft("second"))
            .UseTokenizer(_ => new LetterTokenizer())
            .Services.BuildServiceProvider();
        var pipeline = services.GetRequiredService<SpeculativePipeline>();

        GenerationResult result = await pipeline.GenerateAsync("a", Ten);

        Assert.Multiple(() =>
        {
            Assert.That(result.Text, Is.EqualTo("bcdefghijk"));
            Assert.That(pipeline.Info.DraftNames, Is.EqualTo(new[] { "first", "second" }));
            Assert.That(result.Statistics.AcceptedTokens, Is.GreaterThan(0));
        });
    }

    [Test]
    public async Task A_tokenizer_of_ones_own_stands_in_for_those_of_the_folders()
    {
        using var folder = new TemporaryFolder();
        foreach (string file in Directory.GetFiles(Path.Combine(RepositoryFiles.Tiny, "llama-int4")).Where(file => Path.GetFileName(file) != "tokenizer.json"))
            File.Copy(file, Path.Combine(folder.Path, Path.GetFileName(file)));
        await using ServiceProvider services = new ServiceCollection()
            .AddMinions().UseTarget(folder.Path).AddDraft(folder.Path).UseTokenizer(_ => new LetterTokenizer()).Services.BuildServiceProvider();

        GenerationResult result = await services.GetRequiredService<SpeculativePipeline>().GenerateAsync("abc", Ten);

        Assert.That(result.TokenIds, Has.Count.EqualTo(10));
    }

    [Test]
    public async Task The_later_target_counts()
    {
        await using ServiceProvider services = new ServiceCollection()
            .AddMinions().UseTarget("no-such-folder").UseTarget(_ => Counting.Target()).Services.BuildServiceProvider();
        Assert.That((await services.GetRequiredService<SpeculativePipeline>().GenerateAsync([10], Ten)).TokenIds, Has.Count.EqualTo(10));

        string target = Path.Combine(RepositoryFiles.Family, "target");
        await using ServiceProvider reversed = new ServiceCollection()
            .AddMinions().UseTarget(_ => Counting.Target()).UseTarget(target).Services.BuildServiceProvider();
        Assert.That((await reversed.GetRequiredService<SpeculativePipeline>().LoadAsync()).Tokenizer, Is.Not.Null);
    }

    [TestCase(null)]
    [TestCase("named")]
    public async Task Vote_and_length_can_be_replaced_by_type(string? name)
    {
        var services = new ServiceCollection();
        (name is null ? services.AddMinions() : services.AddKeyedMinions(name))
            .UseTarget(_ => Counting.Target())
            .AddDraft(_ => Counting.Draft())
            .UseVotingPolicy<FirstProposalVote>()
            .UseSpeculationLengthController<FiveAhead>();
        FirstProposalVote policy;
        await using (ServiceProvider provider = services.BuildServiceProvider())
        {
            await provider.GetRequiredKeyedService<SpeculativePipeline>(name).GenerateAsync([10], Ten);
            policy = (FirstProposalVote)provider.GetRequiredKeyedService<IVotingPolicy>(new PolicyKey(name ?? ""));

            Assert.That(policy.Votes, Is.GreaterThan(0));
            Assert.That(((FiveAhead)provider.GetRequiredKeyedService<ISpeculationLengthController>(new PolicyKey(name ?? ""))).Requests, Is.EqualTo(1));
        }

        Assert.That(policy.IsDisposed, "the container owns the policy");
    }

    [TestCase(null)]
    [TestCase("named")]
    public async Task Vote_and_length_can_be_replaced_by_factory(string? name)
    {
        var policy = new FirstProposalVote();
        var controller = new FiveAhead();
        var services = new ServiceCollection();
        (name is null ? services.AddMinions() : services.AddKeyedMinions(name))
            .UseTarget(_ => Counting.Target())
            .AddDraft(_ => Counting.Draft())
            .UseVotingPolicy(_ => policy)
            .UseSpeculationLengthController(_ => controller);
        await using ServiceProvider provider = services.BuildServiceProvider();

        await provider.GetRequiredKeyedService<SpeculativePipeline>(name).GenerateAsync([10], Ten);

        Assert.That(policy.Votes, Is.GreaterThan(0));
        Assert.That(controller.Requests, Is.EqualTo(1));
    }

    [Test]
    public async Task Policies_that_others_register_are_not_the_pipelines()
    {
        var stranger = new FirstProposalVote();
        var services = new ServiceCollection();
        services.AddMinions().UseTarget(_ => Counting.Target()).AddDraft(_ => Counting.Draft()).UseVotingPolicy<LongestAgreementVote>();
        services.AddSingleton<IVotingPolicy>(stranger).AddSingleton<ISpeculationLengthController>(_ => throw new InvalidOperationException("Not asked for."));
        await using ServiceProvider provider = services.BuildServiceProvider();

        await provider.GetRequiredService<SpeculativePipeline>().GenerateAsync([10], Ten);

        Assert.That(stranger.Votes, Is.Zero);
        Assert.That(provider.GetRequiredService<IVotingPolicy>(), Is.SameAs(stranger), "nor are the pipeline's those of others");
    }

    [Test]
    public async Task An_n_gram_draft_stands_between_folders_and_drafts_of_ones_own()
    {
        await using ServiceProvider services = new ServiceCollection()
            .AddMinions(options => options.Ngram = new NgramDraftOptions { Name = "again" })
            .UseTarget(_ => Counting.Target())
            .AddDraft(_ => Counting.Draft("own"))
            .AddNgramDraft()
            .AddNgramDraft(ngram => ngram.MinMatchLength = 1)
            .Services.BuildServiceProvider();
        var pipeline = services.GetRequiredService<SpeculativePipeline>();

        GenerationResult result = await pipeline.GenerateAsync([10], Ten);

        Assert.Multiple(() =>
        {
            Assert.That(pipeline.Info.DraftNames, Is.EqualTo(new[] { "again", "own" }), "one n-gram draft, however often it is configured");
            Assert.That(services.GetRequiredService<IOptions<MinionsOptions>>().Value.Ngram!.MinMatchLength, Is.EqualTo(1));
            Assert.That(result.TokenIds, Is.EqualTo(Enumerable.Range(11, 10)));
        });
    }

    [Test]
    public async Task The_fixed_length_of_the_options_is_the_length_of_the_rounds()
    {
        await using ServiceProvider services = new ServiceCollection()
            .AddMinions(options => (options.Pipeline.Speculation.Rule, options.Pipeline.Speculation.Length) = (SpeculationLengthRule.Fixed, 2))
            .UseTarget(_ => Counting.Target())
            .AddDraft(_ => Counting.Draft())
            .Services.BuildServiceProvider();

        GenerationResult result = await services.GetRequiredService<SpeculativePipeline>().GenerateAsync([10], Ten);

        Assert.That(result.Statistics.Lengths.RoundsPerLength, Has.Count.EqualTo(3).And.ItemAt(2).GreaterThan(0));
    }

    [TestCase(SpeculationLengthRule.Fixed, SpeculationOptions.DefaultLength)]
    [TestCase(SpeculationLengthRule.Trend, TrendSpeculationLength.FirstLength)]
    public async Task The_rule_of_the_options_chooses_the_lengths(SpeculationLengthRule rule, int length)
    {
        GenerationResult result = await GenerateWith(rule);

        Assert.That(result.Statistics.Lengths.RoundsPerLength[length], Is.GreaterThan(0));
        Assert.That(result.Statistics.Lengths.PredictedGoodput, Is.Zero);
    }

    [TestCase(null)]
    [TestCase(SpeculationLengthRule.Goodput)]
    public async Task Goodput_is_the_rule_where_none_is_named(SpeculationLengthRule? rule)
    {
        GenerationResult result = await GenerateWith(rule);

        Assert.That(result.Statistics.Lengths.PredictedGoodput, Is.GreaterThan(0));
        Assert.That(result.Statistics.Lengths.ObservedGoodput, Is.GreaterThan(0));
    }

    [Test]
    public void A_target_folder_keeps_the_other_settings_of_the_target()
    {
        using ServiceProvider services = new ServiceCollection()
            .AddMinions(options => options.Target = new OnnxModelOptions { Folder = "elsewhere", Provider = ExecutionProvider.Cpu })
            .UseTarget(_ => Counting.Target())
            .UseTarget(Path.Combine(RepositoryFiles.Family, "target"))
            .Services.BuildServiceProvider();

        OnnxModelOptions target = services.GetRequiredService<IOptions<MinionsOptions>>().Value.Target!;

        Assert.That(target.Provider, Is.EqualTo(ExecutionProvider.Cpu));
        Assert.That(target.Folder, Is.EqualTo(Path.Combine(RepositoryFiles.Family, "target")));
    }

    [Test]
    public async Task A_factory_that_makes_nothing_is_named()
    {
        await using ServiceProvider services = new ServiceCollection()
            .AddMinions().UseTarget(_ => (ITargetVerifier)null!).Services.BuildServiceProvider();

        Assert.That(
            () => services.GetRequiredService<SpeculativePipeline>().LoadAsync(),
            Throws.InvalidOperationException.With.Message.Contains("UseTarget"));
    }

    private static async Task<GenerationResult> GenerateWith(SpeculationLengthRule? rule)
    {
        await using ServiceProvider services = new ServiceCollection()
            .AddMinions(options => options.Pipeline.Speculation.Rule = rule ?? options.Pipeline.Speculation.Rule)
            .UseTarget(_ => Counting.Target())
            .AddDraft(_ => Counting.Draft())
            .Services.BuildServiceProvider();
        return await services.GetRequiredService<SpeculativePipeline>().GenerateAsync([10], Ten);
    }
}
