using Minions.Core.Generation;
using Minions.Core.OnnxRuntime;
using Minions.Core.OnnxRuntime.Graph;
using Minions.Core.Pipeline;
using Minions.Core.Speculation;
using Minions.Core.Tests.OnnxRuntime.Synthetic;

namespace Minions.Core.Tests.OnnxRuntime;

/// <summary>Drafts whose targets know more ids than they do.</summary>
public sealed class ReadableIdsTests
{
    private const int MoreIds = 5;

    [Test]
    public void Ids_without_an_embedding_are_read_as_the_stand_in()
    {
        var readable = new ReadableIds(10, standIn: 3);

        Assert.That(readable.Replace([1, 9, 0], null, 3), Is.Null, "a text that can be read is left as it is");
        int[] read = readable.Replace([1, 10, 9, 77], null, 8)!;
        Assert.That(read[..4], Is.EqualTo(new[] { 1, 3, 9, 3 }));
        Assert.That(read, Has.Length.AtLeast(8));
        Assert.That(readable.Replace([12], read, 8), Is.SameAs(read));
    }

    [Test]
    public async Task Texts_are_the_same_with_and_without_a_draft_that_cannot_read_the_whole_prompt([Values] bool groupQuery, [Values(0.0, 0.8)] double temperature)
    {
        var options = new SyntheticOptions { GroupQuery = groupQuery };
        OnnxModel large = SyntheticDecoder.Build(options);
        large.AddIds(MoreIds);
        using var targetFolder = SyntheticFolder.Create(options, large);
        using var draftFolder = SyntheticFolder.Create(options);
        OnnxTargetVerifier target = await OnnxTargetVerifier.LoadAsync(new OnnxModelOptions { Folder = targetFolder.Path });
        OnnxDraftModel draft = await OnnxDraftModel.LoadAsync(new OnnxModelOptions { Folder = draftFolder.Path });
        Assert.That(target.VocabularySize, Is.EqualTo(SyntheticOptions.Vocabulary + MoreIds));
        await using var pipeline = new SpeculativePipeline(new PipelineComponents { Target = target, Drafts = [draft], LengthController = new FixedSpeculationLength(3) });

        const int Unknown = SyntheticOptions.Vocabulary + 2;
        var asked = new GenerationOptions
        {
            MaxOutputTokens = 30,
            IgnoreEndToken = true,
            Sampling = new() { Temperature = temperature, Seed = 5, RepetitionPenalty = 1.1 },
        };
        foreach (int[] prompt in (int[][])[[Unknown], [3, Unknown, 4, 5], [1, 2, 3, Unknown]])
        {
            GenerationResult own = await pipeline.GenerateAsync(prompt, asked with { Speculate = false });
            GenerationResult result = await pipeline.GenerateAsync(prompt, asked);
            Assert.That(result.TokenIds, Is.EqualTo(own.TokenIds));
            Assert.That(result.Statistics.AcceptedTokens, Is.GreaterThan(0), "the draft goes on behind an id that it cannot read");
            Assert.That(result.Statistics.Drafts.Single().Faults, Is.Zero);
        }
    }
}
