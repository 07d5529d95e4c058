using System.Runtime.InteropServices;
using Google.Protobuf;
using Microsoft.ML.OnnxRuntime;
using Minions.Core.OnnxRuntime.Decoding;
using Minions.Core.OnnxRuntime.Folder;
using Minions.Core.OnnxRuntime.Graph;
using Minions.Core.OnnxRuntime.Packing;
using Minions.Core.Tests.OnnxRuntime.Graph;

namespace Minions.Core.Tests.OnnxRuntime.Decoding;

/// <summary>Graphs with ONNX's own attention append to their caches in place, in either form they are written in.</summary>
public sealed class StandardAttentionTests
{
    private static readonly string[] Folders = [Path.Combine(RepositoryFiles.Graphs, "opset24-attention"), Path.Combine(RepositoryFiles.Graphs, "opset24-static-cache")];

    [TestCaseSource(nameof(Folders))]
    public void Logits_are_bit_for_bit_those_of_the_file_however_a_text_is_cut(string path)
    {
        using InferenceSession original = GraphRunner.Open(ModelFolder.Read(Folders[0]));
        using PackedDecoder packed = BitIdentityTests.Open(path);
        Assert.That(packed.Decoder.SharesBuffers, Is.True);
        Assert.That(packed.Sessions, Is.Not.Null);
        int[] text = Text(200);
        float[] logits = GraphRunner.RunOriginal(original, ModelFolder.Read(Folders[0]), text);
        byte[][] whole = [.. logits.Chunk(logits.Length / text.Length).Select(row => MemoryMarshal.AsBytes(row.AsSpan()).ToArray())];
        foreach (int width in new[] { 2, 3, 5, 17, 64 })
            Assert.That(Rows(packed.Decoder, text, width, expectedLength: 0), Is.EqualTo(whole), $"{width} at once, in a cache that grows");
        Assert.That(Rows(packed.Decoder, text, 5, expectedLength: 512), Is.EqualTo(whole), "in a large cache");
    }

    [TestCaseSource(nameof(Folders))]
    public void Going_back_and_running_again_changes_nothing(string path)
    {
        using PackedDecoder packed = BitIdentityTests.Open(path);
        int[] text = Text(150);
        byte[][] whole = Rows(packed.Decoder, text, 50, expectedLength: 0);
        using KvCache cache = packed.Decoder.OpenCache();
        cache.Reserve(text.Length, 0);
        for (int start = 0; start < text.Length; start += 50)
            cache.Run(text.AsSpan(start, 50), start);
        foreach (int back in new[] { 148, 50, 58, 2, 30 })
        {
            cache.Run([1, 2, 3], back - 2);
            cache.Run(text.AsSpan(back - 2, 3), back - 2);
            Assert.That(Row(cache, 2), Is.EqualTo(whole[back]), $"from {back} on");
        }
    }

    [TestCaseSource(nameof(Folders))]
    public void A_context_beyond_the_rotary_positions_of_the_graph_ends_with_them(string path)
    {
        using PackedDecoder packed = BitIdentityTests.Open(path);

        Assert.That(ModelFolder.Read(path).ContextLength, Is.EqualTo(4096));
        Assert.That(packed.Decoder.Folder.ContextLength, Is.EqualTo(512));
    }

    [Test]
    public void Attention_that_is_not_causal_by_itself_keeps_its_form_or_is_refused([ValueSource(nameof(Folders))] string path)
    {
        using var folder = new TemporaryFolder();
        foreach (string file in Directory.GetFiles(path))
            File.Copy(file, Path.Combine(folder.Path, Path.GetFileName(file)));
        string graph = Path.Combine(folder.Path, "model.onnx");
        OnnxModel model = OnnxModel.Parser.ParseFrom(File.ReadAllBytes(graph));
        foreach (OnnxAttribute attribute in model.Graph.Node.Where(StandardAttention.Is).SelectMany(node => node.Attribute).Where(attribute => attribute.Name == "is_causal"))
            attribute.I = 0;
        File.WriteAllBytes(graph, model.ToByteArray());

        if (path == Folders[0])
        {
            using PackedDecoder packed = BitIdentityTests.Open(folder.Path);
            Assert.That(packed.Decoder.SharesBuffers, Is.False);
            Assert.That(packed.Sessions, Is.Null);
        }
        else
        {
            Assert.That(() => BitIdentityTests.Open(folder.Path), Throws.TypeOf<ModelLoadException>().With.Message.Contains("fixed length").And.Message.Contains("is not causal"));
        }
    }

    private static int[] Text(int length) => [.. Enumerable.Range(0, length).Select(i => ((i * 7919) + (i / 5) + 3) % 4096)];

    internal static byte[][] Rows(OnnxDecoder decoder, int[] text, int width, int expectedLength)
    {
        using KvCache cache = decoder.OpenCache(expectedLength);
        var rows = new List<byte[]>();
        for (int start = 0; start < text.Length;)
        {
            // No run is one row wide.
            int count = text.Length - start - width == 1 ? width + 1 : Math.Min(width, text.Length - start);
            Assert.That(cache.Reserve(start + count, start), Is.EqualTo(start));
            cache.Run(text.AsSpan(start, count), start);
            for (int row = 0; row < count; row++)
                rows.Add(Row(cache, row));
            start += count;
        }

        return [.. rows];
    }

    private static byte[] Row(KvCache cache, int row) => MemoryMarshal.AsBytes(cache.Logits(row)).ToArray();
}
