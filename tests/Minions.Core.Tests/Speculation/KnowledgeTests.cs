using System.Text;
using Minions.Core.Generation;
using Minions.Core.Pipeline;

namespace Minions.Core.Tests.Speculation;

/// <summary>What a pipeline learnt, carried to another one; and what is no such thing.</summary>
public class KnowledgeTests
{
    [Test]
    public async Task What_was_saved_is_taken_by_a_pipeline_of_the_same_models_and_saved_alike()
    {
        string saved = await LearntAsync();
        await using SpeculativePipeline other = Open();
        Assert.That(await LoadAsync(other, saved), Is.True);
        Assert.That(await SaveAsync(other), Is.EqualTo(saved));
        Assert.That((await GenerateAsync(other)).TokenIds, Is.EqualTo((await GenerateAsync(Open())).TokenIds));
    }

    [Test]
    public async Task A_file_that_is_cut_short_is_ignored()
    {
        string saved = await LearntAsync();
        foreach (int length in new[] { 0, 1, saved.Length / 2, saved.Length - 1 })
            await ExpectIgnoredAsync(saved[..length]);
    }

    [TestCase("\"version\":2", "\"version\":3", TestName = "A_file_of_a_later_version_is_ignored")]
    [TestCase("\"models\":[", "\"models\":[\"other\",", TestName = "A_file_about_other_models_is_ignored")]
    [TestCase("\"machine\":\"", "\"machine\":\"other ", TestName = "A_file_of_another_machine_is_ignored")]
    [TestCase("\"rate\":", "\"rate\":-1", TestName = "A_file_with_a_negative_number_is_ignored")]
    [TestCase("\"rate\":", "\"rate\":NaN,\"was\":", TestName = "A_file_with_NaN_is_ignored")]
    [TestCase("\"costs\":[", "\"costs\":[1,", TestName = "A_file_with_too_many_numbers_is_ignored")]
    [TestCase("\"rates\":[", "\"rates\":[-1,", TestName = "A_file_with_wrong_weights_is_ignored")]
    [TestCase("\"agreements\":", "\"agreements\":null,\"were\":", TestName = "A_file_with_null_in_place_of_numbers_is_ignored")]
    [TestCase("\"weights\":", "\"weights\":null,\"were\":", TestName = "A_file_with_null_in_place_of_a_part_is_ignored")]
    public async Task Ignored(string part, string replacement)
    {
        string saved = await LearntAsync();
        Assert.That(saved, Does.Contain(part));
        await ExpectIgnoredAsync(saved.Replace(part, replacement, StringComparison.Ordinal));
    }

    private static async Task ExpectIgnoredAsync(string file)
    {
        await using SpeculativePipeline pipeline = Open();
        string before = await SaveAsync(pipeline);
        Assert.That(await LoadAsync(pipeline, file), Is.False);
        Assert.That(await SaveAsync(pipeline), Is.EqualTo(before), "nothing of it was taken");
        Assert.That((await GenerateAsync(pipeline)).TokenIds, Has.Count.EqualTo(60), "the pipeline is usable");
    }

    private static SpeculativePipeline Open() => new(new PipelineComponents
    {
        Target = new TabularTarget(Tables.Scrambled),
        Drafts = [new TabularDraft("one", Tables.MostlyRight(80, 1)), new TabularDraft("two", Tables.MostlyRight(40, 2))],
    });

    private static async Task<string> LearntAsync()
    {
        await using SpeculativePipeline pipeline = Open();
        await GenerateAsync(pipeline);
        return await SaveAsync(pipeline);
    }

    private static Task<GenerationResult> GenerateAsync(SpeculativePipeline pipeline) => pipeline.GenerateAsync([1, 2, 3], new GenerationOptions { MaxOutputTokens = 60 });

    private static async Task<string> SaveAsync(SpeculativePipeline pipeline)
    {
        using var stream = new MemoryStream();
        await pipeline.SaveKnowledgeAsync(stream);
        return Encoding.UTF8.GetString(stream.ToArray());
    }

    private static async Task<bool> LoadAsync(SpeculativePipeline pipeline, string file)
    {
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(file));
        return await pipeline.LoadKnowledgeAsync(stream);
    }
}
