using Microsoft.Extensions.DependencyInjection;
using Minions.Core.Generation;
using Minions.Core.Pipeline;

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
        });
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
}
