using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Minions.Core.DependencyInjection;
using Minions.Core.Generation;
using Minions.Core.OnnxRuntime;
using Minions.Models.Demo;

namespace Minions.Core.Tests.Packaging;

/// <summary>What package Minions.Models.Demo promises; a project reference gives the same files as the package.</summary>
internal sealed class DemoModelsTests
{
    private const long Megabyte = 1_000_000;

    [Test]
    public void Model_files_stay_below_the_limits_of_git_and_package_hosts()
    {
        long[] sizes = [.. new DirectoryInfo(DemoModels.Folder).EnumerateFiles("*", SearchOption.AllDirectories).Select(file => file.Length)];

        Assert.That(sizes.Max(), Is.LessThan(50 * Megabyte));
        Assert.That(sizes.Sum(), Is.LessThan(250 * Megabyte));
    }

    [Test]
    public void Card_and_licence_lie_beside_the_models() => Assert.Multiple(() =>
    {
        Assert.That(Path.Combine(DemoModels.Folder, "MODEL_CARD.md"), Does.Exist);
        Assert.That(Path.Combine(DemoModels.Folder, "LICENSE"), Does.Exist);
        Assert.That(Path.Combine(DemoModels.Head, "MODEL_CARD.md"), Does.Exist);
    });

    [Test]
    public void Output_holds_every_file_of_every_model()
    {
        static IEnumerable<string> Files(string root) => Directory
            .EnumerateFiles(root, "*", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(root, file))
            .Where(file => !file.EndsWith(".jsonl", StringComparison.Ordinal));

        Assert.That(Files(DemoModels.Folder), Is.EquivalentTo(Files(RepositoryFiles.SmolLm2)));
    }

    [Test]
    public void Other_settings_of_the_target_are_kept()
    {
        using ServiceProvider services = new ServiceCollection()
            .AddMinions(options => options.Target = new OnnxModelOptions { IntraOpThreads = 1 })
            .UseDemoModels()
            .Services.BuildServiceProvider();

        MinionsOptions options = services.GetRequiredService<IOptions<MinionsOptions>>().Value;

        Assert.Multiple(() =>
        {
            Assert.That(options.Target!.Folder, Is.EqualTo(DemoModels.Target));
            Assert.That(options.Target.IntraOpThreads, Is.EqualTo(1));
            Assert.That(options.Heads.Select(head => head.Folder), Is.EqualTo(new[] { DemoModels.Head }));
            Assert.That(options.Drafts, Is.Empty);
            Assert.That(options.Ngram, Is.Not.Null);
        });
    }

    [TestCase(DemoDrafts.None)]
    [TestCase(DemoDrafts.Head, "eagle-head")]
    [TestCase(DemoDrafts.Code | DemoDrafts.Facts, "draft-code", "draft-facts")]
    [TestCase(DemoDrafts.Head | DemoDrafts.Stories, "eagle-head", "draft-stories")]
    [TestCase(DemoDrafts.All, "eagle-head", "draft-code", "draft-stories", "draft-facts")]
    public void Only_the_drafts_that_were_asked_for_guess_and_all_of_them_on_the_cpu(DemoDrafts drafts, params string[] folders)
    {
        using ServiceProvider services = new ServiceCollection().AddMinions().UseDemoModels(drafts).Services.BuildServiceProvider();

        MinionsOptions options = services.GetRequiredService<IOptions<MinionsOptions>>().Value;
        OnnxModelOptions[] models = [.. options.Heads, .. options.Drafts];

        Assert.Multiple(() =>
        {
            Assert.That(models.Select(model => Path.GetFileName(model.Folder)), Is.EqualTo(folders));
            Assert.That(options.Ngram is not null, Is.EqualTo(drafts.HasFlag(DemoDrafts.Ngram)));
            Assert.That(models.Append(options.Target!).Select(model => model.Provider), Is.All.EqualTo(ExecutionProvider.Cpu));
        });
    }

    [Test]
    public async Task Demo_models_answer_with_no_further_setting()
    {
        await using ServiceProvider services = new ServiceCollection().AddMinions().UseDemoModels().Services.BuildServiceProvider();
        var pipeline = services.GetRequiredService<SpeculativePipeline>();

        GenerationResult result = await pipeline.GenerateAsync(
            "<|im_start|>user\nWhat is the capital of France?<|im_end|>\n<|im_start|>assistant\n", new GenerationOptions { MaxOutputTokens = 16 });

        Assert.Multiple(() =>
        {
            Assert.That(result.Text, Does.Contain("Paris"));
            Assert.That(pipeline.Info.DraftNames, Is.EqualTo(new[] { "eagle-head", "ngram" }));
            Assert.That(pipeline.Info.Exactness.IsGuaranteed, pipeline.Info.Exactness.Reason);
        });
    }
}
