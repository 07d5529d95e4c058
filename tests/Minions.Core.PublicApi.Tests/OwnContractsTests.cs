using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Minions.Core.Generation;
using Minions.Core.Pipeline;
using Minions.Core.Speculation;

namespace Minions.Core.PublicApi.Tests;

/// <summary>Each of the four contracts implemented from outside, without InternalsVisibleTo, and composed into a pipeline.</summary>
public class OwnContractsTests
{
    private static readonly int[] Expected = [.. Enumerable.Range(6, 20)];

    [Test]
    public async Task A_pipeline_of_nothing_but_own_parts_generates()
    {
        var policy = new LongestProposal();
        var controller = new Daring();
        await using var pipeline = new SpeculativePipeline(new PipelineComponents
        {
            Target = Counting.Target(),
            Drafts = [Counting.Draft("right", 1), Counting.Draft("wrong", 2)],
            VotingPolicy = policy,
            LengthController = controller,
        }, new PipelineOptions { Speculation = { DraftSelection = DraftSelection.All } });
        GenerationResult result = await pipeline.GenerateAsync([5], new GenerationOptions { MaxOutputTokens = 20 });

        Assert.That(result.TokenIds, Is.EqualTo(Expected));
        Assert.That(policy.Votes, Is.GreaterThan(0));
        Assert.That(controller.Chains, Has.Count.EqualTo(result.Statistics.Rounds));
        Assert.That(controller.Chains[1], Is.EqualTo(2), "the controller's length is what is drafted");
        Assert.That(result.Statistics.TokensPerRound, Is.GreaterThan(2));
    }

    [Test]
    public async Task The_same_parts_plug_in_by_dependency_injection()
    {
        var services = new ServiceCollection();
        services.AddMinions()
            .UseTarget(_ => Counting.Target())
            .AddDraft(_ => Counting.Draft("right", 1))
            .UseVotingPolicy<LongestProposal>()
            .UseSpeculationLengthController<Daring>();
        await using ServiceProvider provider = services.BuildServiceProvider();
        SpeculativePipeline pipeline = provider.GetRequiredService<SpeculativePipeline>();
        GenerationResult result = await pipeline.GenerateAsync([5], new GenerationOptions { MaxOutputTokens = 20 });

        Assert.That(result.TokenIds, Is.EqualTo(Expected));
        Assert.That(result.Statistics.Drafts.Single().Name, Is.EqualTo("right"));
    }

    [Test]
    public async Task Own_models_see_the_properties_and_the_cache_key_of_each_request()
    {
        var target = new OpeningTarget();
        var draft = new OpeningDraft();
        await using var pipeline = new SpeculativePipeline(new PipelineComponents { Target = target, Drafts = [draft] }, new PipelineOptions { Speculation = { DraftSelection = DraftSelection.All } });
        var adapter = new object();
        var properties = new Dictionary<string, object?> { ["adapter"] = adapter, ["nothing"] = null };
        var options = new GenerationOptions { MaxOutputTokens = 20, SpeculationLength = 2, Properties = properties, CacheKey = "fiction" };
        properties.Clear();
        await pipeline.GenerateAsync([5], options);
        await pipeline.GenerateAsync([5], options with { Properties = new Dictionary<string, object?>(), CacheKey = null });

        foreach (SequenceOptions[] opened in new[] { target.Opened.ToArray(), draft.Opened.ToArray() })
        {
            Assert.That(opened[0].Properties, Is.EquivalentTo(new Dictionary<string, object?> { ["adapter"] = adapter, ["nothing"] = null }));
            Assert.That(opened[0].CacheKey, Is.EqualTo("fiction"));
            Assert.That((opened[^1].Properties.Count, opened[^1].CacheKey), Is.EqualTo((0, (string?)null)));
        }
    }

    [Test]
    public async Task Contracts_may_change_speed_and_never_text()
    {
        await using var pipeline = new SpeculativePipeline(new PipelineComponents
        {
            Target = Counting.Target(),
            Drafts = [Counting.Draft("wrong", 2), Counting.Draft("lost", 7)],
            VotingPolicy = new LongestProposal(),
            LengthController = new Daring(),
        });
        Assert.That((await pipeline.GenerateAsync([5], new GenerationOptions { MaxOutputTokens = 20 })).TokenIds, Is.EqualTo(Expected));
    }

    private sealed class OpeningTarget() : DelegatingTargetVerifier(Counting.Target())
    {
        public ConcurrentQueue<SequenceOptions> Opened { get; } = [];

        public override ITargetSequence OpenSequence(SequenceOptions options)
        {
            Opened.Enqueue(options);
            return base.OpenSequence(options);
        }
    }

    private sealed class OpeningDraft() : DelegatingDraftModel(Counting.Draft("right"))
    {
        public ConcurrentQueue<SequenceOptions> Opened { get; } = [];

        public override IDraftSequence OpenSequence(SequenceOptions options)
        {
            Opened.Enqueue(options);
            return base.OpenSequence(options);
        }
    }
}
