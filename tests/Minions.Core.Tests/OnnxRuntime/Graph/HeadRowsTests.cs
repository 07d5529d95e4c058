using System.Runtime.InteropServices;
using Minions.Core.OnnxRuntime.Decoding;
using Minions.Core.OnnxRuntime.Graph;
using Minions.Core.OnnxRuntime.Packing;
using Minions.Core.Tests.OnnxRuntime.Decoding;
using Minions.Core.Tests.OnnxRuntime.Synthetic;

namespace Minions.Core.Tests.OnnxRuntime.Graph;

public sealed class HeadRowsTests
{
    private static readonly SyntheticOptions GroupQuery = new() { GroupQuery = true };

    private static readonly string[] Folders =
    [
        Path.Combine(RepositoryFiles.SmolLm2, "target"),
        Path.Combine(RepositoryFiles.SmolLm2, "draft-code"),
        Path.Combine(RepositoryFiles.Family, "target"),
        Path.Combine(RepositoryFiles.Tiny, "llama-int4"),
        Path.Combine(RepositoryFiles.Tiny, "qwen3-fp32"),
    ];

    [TestCaseSource(nameof(Folders))]
    public void The_rows_that_are_wanted_are_those_of_a_run_that_computes_all_bit_for_bit(string folder)
    {
        using PackedDecoder packed = BitIdentityTests.Open(folder);
        OnnxDecoder decoder = packed.Decoder;
        Assert.That(decoder.Signature.ChoosesRows, Is.True);
        int[] text = ExactnessProbe.Text(20, decoder.Signature.VocabularySize);
        using KvCache cache = decoder.OpenCache();
        cache.Reserve(text.Length, 0);
        cache.Run(text, 0);
        byte[][] all = [.. Enumerable.Range(0, text.Length).Select(row => Row(cache, row))];
        foreach (int wanted in new[] { 1, 2, 3, 9, 20 })
        {
            cache.Run(text, 0, wanted);
            for (int row = text.Length - wanted; row < text.Length; row++)
                Assert.That(Row(cache, row), Is.EqualTo(all[row]), $"row {row} of {wanted} wanted");
        }
    }

    [Test]
    public void An_end_that_is_not_understood_computes_all_rows()
    {
        var model = SyntheticDecoder.Build(GroupQuery);
        Insert(model.Graph, "Softmax");
        using var files = SyntheticFolder.Create(GroupQuery, model);
        using PackedDecoder packed = BitIdentityTests.Open(files.Path);
        OnnxDecoder decoder = packed.Decoder;
        Assert.That(decoder.Signature.ChoosesRows, Is.False);

        using KvCache cache = decoder.OpenCache();
        cache.Reserve(4, 0);
        cache.Run([1, 2, 3, 4], 0, wanted: 1);
        Assert.That(Row(cache, 0), Is.Not.EqualTo(Row(cache, 3)), "the first row can be read as well");
    }

    [Test]
    public void A_copy_of_what_the_head_reads_keeps_all_rows_and_a_state_behind_it_keeps_the_head_whole()
    {
        OnnxGraph graph = SyntheticDecoder.Build(GroupQuery).Graph;
        string state = graph.Node.Last(node => node.OpType == "LayerNormalization").Output[0], product = graph.Node.Single(node => node.Output.Contains("logits")).Input[0];
        graph.Node.Add(new OnnxNode { OpType = "Identity", Name = "copy", Input = { state }, Output = { "hidden_states" } });
        graph.Output.Add(new OnnxValueInfo { Name = "hidden_states" });
        Assert.That(HeadRows.Insert(graph.Clone(), "logits"), Is.EquivalentTo(new[] { product, "logits" }));

        var read = graph.Clone();
        read.Node.Add(new OnnxNode { OpType = "Identity", Name = "copy of columns", Input = { product }, Output = { "columns" } });
        Assert.That(HeadRows.Insert(read, "logits"), Is.Empty);

        graph.Output.Add(new OnnxValueInfo { Name = product });
        Assert.That(HeadRows.Insert(graph, "logits"), Is.Empty);
    }

    [Test]
    public void A_normalised_value_that_is_mixed_over_rows_computes_all_rows()
    {
        var model = SyntheticDecoder.Build(GroupQuery);
        var norm = model.Graph.Node.Last(node => node.OpType == "LayerNormalization");
        var head = model.Graph.Node.Single(node => node.Input.Contains(norm.Output[0]));
        head.Input[0] = "raised";
        model.Graph.Node.Insert(model.Graph.Node.IndexOf(head), new OnnxNode { OpType = "Add", Name = "raise", Input = { norm.Output[0], "summed" }, Output = { "raised" } });
        model.Graph.Node.Insert(model.Graph.Node.IndexOf(head) - 1, new OnnxNode { OpType = "CumSum", Name = "sum", Input = { norm.Output[0], "axis1" }, Output = { "summed" } });

        var graph = model.Graph.Clone();
        Assert.That(HeadRows.Insert(graph, "logits"), Is.Empty);
        Assert.That(graph, Is.EqualTo(model.Graph), "left as it was");
    }

    private static void Insert(OnnxGraph graph, string op)
    {
        var last = graph.Node[^1];
        graph.Node.Insert(graph.Node.Count - 1, new OnnxNode { OpType = op, Name = "extra", Input = { last.Input[0] }, Output = { "changed" } });
        last.Input[0] = "changed";
    }

    private static byte[] Row(KvCache cache, int row) => MemoryMarshal.AsBytes(cache.Logits(row)).ToArray();
}
