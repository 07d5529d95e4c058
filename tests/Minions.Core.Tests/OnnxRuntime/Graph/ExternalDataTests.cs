using Google.Protobuf;
using Minions.Core.Generation;
using Minions.Core.OnnxRuntime;
using Minions.Core.OnnxRuntime.Folder;
using Minions.Core.OnnxRuntime.Graph;
using Minions.Core.Pipeline;
using Minions.Core.Tests.OnnxRuntime.Synthetic;

namespace Minions.Core.Tests.OnnxRuntime.Graph;

/// <summary>Weights beside the graph, in folders as downloads leave them.</summary>
public sealed class ExternalDataTests
{
    private const string Data = "model.onnx_data";

    [Test]
    public async Task A_snapshot_of_a_download_cache_gives_the_text_of_the_plain_folder([Values] bool groupQuery, [Values] bool linksOfLinks, [Values] bool linkedFolder)
    {
        var options = new SyntheticOptions { GroupQuery = groupQuery };
        using var plain = SyntheticFolder.Create(options);
        using var cache = new TemporaryFolder();
        string snapshot = Snapshot(cache.Path, options, linksOfLinks);
        if (linkedFolder)
            snapshot = Directory.CreateSymbolicLink(Path.Combine(cache.Path, "linked"), snapshot).FullName;

        Assert.That(await TextsOf(snapshot), Is.EqualTo(await TextsOf(plain.Path)));
    }

    [Test]
    public async Task Data_that_alone_is_a_link_is_found([Values] bool groupQuery)
    {
        var options = new SyntheticOptions { GroupQuery = groupQuery };
        using var plain = SyntheticFolder.Create(options);
        using var folder = WithData(options, out byte[] data);
        using var elsewhere = new TemporaryFolder();
        File.WriteAllBytes(Path.Combine(elsewhere.Path, "weights"), data);
        File.CreateSymbolicLink(Path.Combine(folder.Path, Data), Path.Combine(elsewhere.Path, "weights"));

        Assert.That(await TextsOf(folder.Path), Is.EqualTo(await TextsOf(plain.Path)));
    }

    [TestCase("../outside.data")]
    [TestCase("sub/../../outside.data")]
    [TestCase("/outside.data")]
    public void A_graph_that_names_data_outside_of_its_folder_is_refused(string location)
    {
        using var outer = new TemporaryFolder();
        string folder = Path.Combine(outer.Path, "model");
        var options = new SyntheticOptions();
        OnnxModel model = SyntheticDecoder.Build(options);
        File.WriteAllBytes(Path.Combine(outer.Path, "outside.data"), model.MoveWeightsTo(location));
        SyntheticFolder.Write(folder, options, model);

        Assert.That(() => DecoderGraph.Read(ModelFolder.Read(folder)), Throws.TypeOf<ModelLoadException>().With.Message.Contains($"'{location}', outside of its folder"));
    }

    [Test]
    public void Data_that_is_missing_cut_a_pointer_or_a_broken_link_is_told_by_its_path()
    {
        using var folder = WithData(new SyntheticOptions(), out byte[] data);
        string file = Path.Combine(folder.Path, Data);
        ExpectRefusal("does not exist");
        File.WriteAllBytes(file, data[..^1]);
        ExpectRefusal("cut off");
        File.WriteAllText(file, "version https://git-lfs.github.com/spec/v1\n");
        ExpectRefusal("Git LFS");
        File.Delete(file);
        File.CreateSymbolicLink(file, "gone");
        ExpectRefusal("is a link to");
        File.Delete(file);
        File.CreateSymbolicLink(file, Data);
        ExpectRefusal("circle");

        void ExpectRefusal(string reason)
        {
            var model = ModelFolder.Read(folder.Path);
            ModelLoadException fault = Assert.Throws<ModelLoadException>(() => DecoderGraph.Read(model))!;
            Assert.That(fault.Message, Does.Contain(reason));
            Assert.That(fault.Path, Is.EqualTo(file).Or.EqualTo(Core.Files.RealPath.Of(folder.Path) + Path.DirectorySeparatorChar + Data));
        }
    }

    [Test]
    public async Task The_context_length_is_taken_from_the_graph_where_the_configuration_does_not_say()
    {
        var options = new SyntheticOptions { GroupQuery = true };
        using var folder = SyntheticFolder.Create(options);
        string config = Path.Combine(folder.Path, "config.json");
        File.WriteAllText(config, (await File.ReadAllTextAsync(config)).Replace("max_position_embeddings", "unsaid"));
        using OnnxTargetVerifier target = await OnnxTargetVerifier.LoadAsync(new OnnxModelOptions { Folder = folder.Path });
        Assert.That(target.ContextLength, Is.EqualTo(options.ContextLength));

        // A table that is computed has no length that the graph states.
        OnnxModel silent = SyntheticDecoder.Build(new SyntheticOptions());
        OnnxNode lookup = silent.Graph.Node.First(node => node.OpType == "Gather" && node.Input[1] == "position_ids");
        silent.Graph.Node.Insert(0, new OnnxNode { OpType = "Abs", Input = { lookup.Input[0] }, Output = { "computed" } });
        lookup.Input[0] = "computed";
        SyntheticFolder.Write(folder.Path, options, silent);
        File.WriteAllText(config, (await File.ReadAllTextAsync(config)).Replace("max_position_embeddings", "unsaid"));
        Assert.That(
            async () => await OnnxTargetVerifier.LoadAsync(new OnnxModelOptions { Folder = folder.Path }),
            Throws.TypeOf<ModelLoadException>().With.Message.Contains("'max_position_embeddings'").And.Message.Contains(config));
    }

    private static TemporaryFolder WithData(SyntheticOptions options, out byte[] data)
    {
        OnnxModel model = SyntheticDecoder.Build(options);
        data = model.MoveWeightsTo(Data);
        return SyntheticFolder.Create(options, model);
    }

    // The layout of huggingface_hub: snapshots hold links into blobs, here one folder further down, as onnx/model.onnx is.
    private static string Snapshot(string cache, SyntheticOptions options, bool linksOfLinks)
    {
        string snapshot = Path.Combine(cache, "snapshots", "0123");
        OnnxModel model = SyntheticDecoder.Build(options);
        byte[] data = model.MoveWeightsTo(Data);
        SyntheticFolder.Write(snapshot, options, model);
        Directory.CreateDirectory(Path.Combine(snapshot, "onnx"));
        Directory.CreateDirectory(Path.Combine(cache, "blobs"));
        File.Delete(Path.Combine(snapshot, "model.onnx"));
        Link("model.onnx", "a1", model.ToByteArray());
        Link(Data, "b2", data);
        return snapshot;

        void Link(string name, string blob, byte[] content)
        {
            File.WriteAllBytes(Path.Combine(cache, "blobs", blob), content);
            if (linksOfLinks)
                File.CreateSymbolicLink(Path.Combine(cache, "blobs", $"{blob}.link"), blob);
            File.CreateSymbolicLink(Path.Combine(snapshot, "onnx", name), Path.Combine("..", "..", "..", "blobs", linksOfLinks ? $"{blob}.link" : blob));
        }
    }

    private static async Task<IReadOnlyList<int>[]> TextsOf(string folder)
    {
        OnnxTargetVerifier target = await OnnxTargetVerifier.LoadAsync(new OnnxModelOptions { Folder = folder, Provider = ExecutionProvider.Cpu });
        await using var pipeline = new SpeculativePipeline(new PipelineComponents { Target = target });
        GenerationResult[] results = await Task.WhenAll(Enumerable.Range(1, 3).Select(first => pipeline.GenerateAsync([first, 9, 27], new GenerationOptions { MaxOutputTokens = 20 })));
        await target.SessionsSettled;
        return [.. results.Select(result => result.TokenIds)];
    }
}
