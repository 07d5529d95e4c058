using Minions.Core.Generation;
using Minions.Core.Pipeline;

namespace Minions.Core.GenAI.Tests.EndToEnd;

internal sealed class AdapterTests
{
    [TestCase("law", "Model 'target' has no adapter 'law'. It was loaded with none")]
    [TestCase(7, "is a Int32, but the name of an adapter is a string")]
    public async Task An_adapter_that_was_not_loaded_is_refused_and_the_pipeline_goes_on(object adapter, string message)
    {
        await using var pipeline = new SpeculativePipeline(new PipelineComponents { Target = await GenAITargetVerifier.LoadAsync(new GenAIModelOptions { Folder = GenAIFolders.FamilyTarget }) });
        var options = new GenerationOptions { MaxOutputTokens = 4 };

        Assert.That(
            () => pipeline.GenerateAsync("Once", options with { Properties = new Dictionary<string, object?> { [GenAIModelOptions.AdapterProperty] = adapter } }),
            Throws.ArgumentException.With.Message.Contains(message));
        Assert.That((await pipeline.GenerateAsync("Once", options)).TokenIds, Has.Count.EqualTo(4));
    }

    [Test]
    public async Task A_draft_passes_over_an_adapter_that_it_does_not_have()
    {
        using GenAIDraftModel draft = await GenAIDraftModel.LoadAsync(new GenAIModelOptions { Folder = GenAIFolders.Tales });
        using IDraftSequence sequence = draft.OpenSequence(new SequenceOptions { Properties = new Dictionary<string, object?> { [GenAIModelOptions.AdapterProperty] = "law" } });

        Assert.That(sequence, Is.Not.Null);
    }
}
