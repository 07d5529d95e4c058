using Google.Protobuf;
using Minions.Core.OnnxRuntime.Folder;
using Minions.Core.OnnxRuntime.Graph;

namespace Minions.Core.Tests.OnnxRuntime.Graph;

public sealed class DecoderGraphTests
{
    private static string TinyModel => Path.Combine(RepositoryFiles.Tiny, "llama-int4", "model.onnx");

    private static IEnumerable<string> AllModels =>
        Directory.GetFiles(RepositoryFiles.Models, "model.onnx", SearchOption.AllDirectories)
            .Concat(Directory.GetFiles(RepositoryFiles.SmolLm2, "model.onnx", SearchOption.AllDirectories));

    [Test]
    public void No_model_of_the_repository_mixes_rows()
    {
        Assert.That(AllModels.Count(), Is.EqualTo(10));
        Assert.That(AllModels.Select(file => DecoderGraph.Read(ModelFolder.Read(Path.GetDirectoryName(file)!)).CrossRowOperator), Is.All.Null);
    }

    [Test]
    public void Reading_and_writing_loses_no_byte_of_any_model()
    {
        Assert.Multiple(() =>
        {
            foreach (string file in AllModels)
            {
                byte[] original = File.ReadAllBytes(file);
                byte[] written = OnnxModel.Parser.ParseFrom(original).ToByteArray();

                // Unknown fields move to the end of their message: the same bytes in another order.
                Assert.That(Histogram(written), Is.EqualTo(Histogram(original)), file);
            }
        });
    }

    [Test]
    public void A_model_written_back_gives_the_same_logits()
    {
        var folder = ModelFolder.Read(Path.GetDirectoryName(TinyModel)!);
        using var original = GraphRunner.Open(folder);
        using var written = GraphRunner.Open(folder, OnnxModel.Parser.ParseFrom(File.ReadAllBytes(TinyModel)).ToByteArray());

        Assert.That(GraphRunner.RunOriginal(written, folder, [5, 6, 7]), Is.EqualTo(GraphRunner.RunOriginal(original, folder, [5, 6, 7])));
    }

    [TestCase(0.0)]
    [TestCase(0.1)]
    [TestCase(0.5)]
    [TestCase(0.99)]
    public void A_truncated_file_is_named(double share)
    {
        byte[] whole = File.ReadAllBytes(TinyModel);
        AssertUnusable(whole[..(int)(share * whole.Length)]);
    }

    [Test]
    public void Another_kind_of_file_is_named()
    {
        AssertUnusable("not a graph"u8.ToArray());
        AssertUnusable(new byte[100]);
    }

    [Test]
    public void A_missing_file_is_named() =>
        Assert.That(() => DecoderGraph.Read(FolderOf("no-such.onnx")), Throws.TypeOf<ModelLoadException>().With.Message.Contain("'no-such.onnx'"));

    private static void AssertUnusable(byte[] content)
    {
        using var folder = new TemporaryFolder();
        string file = Path.Combine(folder.Path, "model.onnx");
        File.WriteAllBytes(file, content);

        Assert.That(() => DecoderGraph.Read(FolderOf(file)), Throws.TypeOf<ModelLoadException>()
            .With.Message.Contain("truncated or not an ONNX file").And.Message.Contain(file).And.Property("Path").EqualTo(file));
    }

    private static ModelFolder FolderOf(string file) => new() { Path = ".", Name = "none", ModelFile = file, ContextLength = 1, LayerCount = 1 };

    private static int[] Histogram(byte[] bytes)
    {
        int[] counts = new int[256];
        foreach (byte value in bytes)
            counts[value]++;
        return counts;
    }
}
