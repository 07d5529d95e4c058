using Minions.Core.OnnxRuntime.Folder;
using Minions.Core.OnnxRuntime.Graph;
using Minions.Core.Tests.OnnxRuntime.Synthetic;

namespace Minions.Core.Tests.OnnxRuntime.Graph;

public sealed class SlotRewriteTests
{
    private static IEnumerable<TestCaseData> Models =>
    [
        new TestCaseData(Path.Combine(RepositoryFiles.Family, "target")).SetArgDisplayNames("family"),
        new TestCaseData(Path.Combine(RepositoryFiles.Tiny, "llama-int4")).SetArgDisplayNames("llama-int4"),
        new TestCaseData(Path.Combine(RepositoryFiles.Tiny, "qwen3-fp32")).SetArgDisplayNames("qwen3-fp32"),
        new TestCaseData(Path.Combine(RepositoryFiles.SmolLm2, "target")).SetArgDisplayNames("smollm2"),
        new TestCaseData(Path.Combine(RepositoryFiles.SmolLm2, "draft-code")).SetArgDisplayNames("smollm2-draft"),
    ];

    private static IEnumerable<TestCaseData> Variants =>
    [
        new TestCaseData(new SyntheticOptions { GroupQuery = true }).SetArgDisplayNames("plain"),
        new TestCaseData(new SyntheticOptions { GroupQuery = true, Int32Ids = true }).SetArgDisplayNames("int32 ids"),
        new TestCaseData(new SyntheticOptions { GroupQuery = true, ExplicitPositions = true }).SetArgDisplayNames("explicit positions"),
        new TestCaseData(new SyntheticOptions { GroupQuery = true, HalfCache = true }).SetArgDisplayNames("fp16 cache"),
    ];

    [TestCaseSource(nameof(Models))]
    public void One_slot_gives_the_logits_of_the_original_bit_for_bit(string path)
    {
        var folder = ModelFolder.Read(path);
        int[] text = Text(folder, 23, 1);
        float[] expected = Original(folder, text);

        RewrittenGraph rewritten = DecoderGraph.Read(folder).Rewrite(1, folder, out string? reason)!;
        Assert.That(reason, Is.Null);
        using var session = GraphRunner.Open(folder, rewritten.File);
        var caches = GraphRunner.Caches(session, folder, 40);

        float[] first = GraphRunner.Spread(rewritten, GraphRunner.RunSlots(session, folder, caches, (text, 0, 14)));
        float[] second = GraphRunner.Spread(rewritten, GraphRunner.RunSlots(session, folder, caches, (text, 14, 16)));
        float[] third = GraphRunner.Spread(rewritten, GraphRunner.RunSlots(session, folder, caches, (text, 16, 23)));

        Assert.That((float[])[.. first, .. second, .. third], Is.EqualTo(expected));
        Assert.That(session.InputMetadata.Keys, Has.None.EqualTo(folder.Names.AttentionMask).And.None.EqualTo(SlotNames.Lengths));
    }

    [TestCaseSource(nameof(Models))]
    public void Two_slots_give_each_text_the_logits_it_has_alone_bit_for_bit(string path)
    {
        var folder = ModelFolder.Read(path);
        int[] one = Text(folder, 21, 1), two = Text(folder, 12, 2);
        float[] ofOne = Original(folder, one), ofTwo = Original(folder, two);

        RewrittenGraph rewritten = DecoderGraph.Read(folder).Rewrite(2, folder, out _)!;
        using var session = GraphRunner.Open(folder, rewritten.File);
        var caches = GraphRunner.Caches(session, folder, 32);

        float[] first = GraphRunner.Spread(rewritten, GraphRunner.RunSlots(session, folder, caches, (one, 0, 17), (two, 0, 3)));
        float[] second = GraphRunner.Spread(rewritten, GraphRunner.RunSlots(session, folder, caches, (one, 17, 21), (two, 3, 12)));

        int row = folder.VocabularySize;
        Assert.That((float[])[.. first[..(17 * row)], .. second[..(4 * row)]], Is.EqualTo(ofOne));
        Assert.That((float[])[.. first[(17 * row)..], .. second[(4 * row)..]], Is.EqualTo(ofTwo));
    }

    [TestCaseSource(nameof(Variants))]
    public void Every_variant_of_the_operator_gives_the_same_logits_bit_for_bit(object variant)
    {
        using var files = SyntheticFolder.Create((SyntheticOptions)variant);
        var folder = ModelFolder.Read(files.Path);
        int[] one = [3, 9, 27, 17, 5, 30, 31, 8], two = [1, 2, 14, 25];
        float[] ofOne = Original(folder, one), ofTwo = Original(folder, two);

        using var session = GraphRunner.Open(folder, DecoderGraph.Read(folder).Rewrite(2, folder, out _)!.File);
        var caches = GraphRunner.Caches(session, folder, 16);
        float[] first = GraphRunner.RunSlots(session, folder, caches, (one, 0, 5), (two, 0, 2));
        float[] second = GraphRunner.RunSlots(session, folder, caches, (one, 5, 8), (two, 2, 4));

        const int Row = SyntheticOptions.Vocabulary;
        Assert.That((float[])[.. first[..(5 * Row)], .. second[..(3 * Row)]], Is.EqualTo(ofOne));
        Assert.That((float[])[.. first[(5 * Row)..], .. second[(3 * Row)..]], Is.EqualTo(ofTwo));
    }

    [Test]
    public void A_rewind_by_lengths_alone_leaves_no_trace()
    {
        var folder = ModelFolder.Read(Path.Combine(RepositoryFiles.Family, "target"));
        int[] text = Text(folder, 12, 1), other = Text(folder, 12, 3);
        Array.Copy(text, other, 6);
        using var session = GraphRunner.Open(folder, DecoderGraph.Read(folder).Rewrite(1, folder, out _)!.File);
        var caches = GraphRunner.Caches(session, folder, 16);

        GraphRunner.RunSlots(session, folder, caches, (other, 0, 12));
        float[] logits = GraphRunner.RunSlots(session, folder, caches, (text, 6, 12));

        Assert.That(logits, Is.EqualTo(Original(folder, text)[(6 * folder.VocabularySize)..]));
    }

    [Test]
    public void No_node_is_left_that_nobody_reads()
    {
        var folder = ModelFolder.Read(Path.Combine(RepositoryFiles.Tiny, "qwen3-fp32"));
        var model = OnnxModel.Parser.ParseFrom(DecoderGraph.Read(folder).Rewrite(3, folder, out _)!.File);

        var read = model.Graph.Node.SelectMany(node => node.Input).Concat(model.Graph.Output.Select(output => output.Name)).ToHashSet();
        Assert.That(model.Graph.Node.Where(node => !node.Output.Any(read.Contains)), Is.Empty);
        Assert.That(model.Graph.Initializer.Where(tensor => !read.Contains(tensor.Name)), Is.Empty);
        Assert.That(model.Graph.Node.Count(node => node.OpType == "Split" && node.Input.Contains(SlotNames.Lengths)), Is.EqualTo(3 * folder.LayerCount), "Q, K and V apart");
        Assert.That(model.Graph.Input.Select(input => input.Name), Is.EquivalentTo((string[])
        [
            "input_ids", SlotNames.Lengths, SlotNames.Rows,
            .. Enumerable.Range(0, 3).SelectMany(slot => (string[])
            [
                SlotNames.SeqLens(slot), SlotNames.Total(slot),
                .. Enumerable.Range(0, folder.LayerCount).SelectMany(layer => new[] { $"slot{slot}.past_key_values.{layer}.key", $"slot{slot}.past_key_values.{layer}.value" }),
            ]),
        ]));
    }

    private static float[] Original(ModelFolder folder, int[] text)
    {
        using var session = GraphRunner.Open(folder);
        return GraphRunner.RunOriginal(session, folder, text);
    }

    private static int[] Text(ModelFolder folder, int length, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, length).Select(_ => random.Next(3, Math.Min(folder.VocabularySize, 4000)))];
    }
}
