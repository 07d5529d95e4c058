using Minions.Core.OnnxRuntime.Folder;
using Minions.Core.OnnxRuntime.Graph;
using Minions.Core.Tests.OnnxRuntime.Graph;

namespace Minions.Core.Tests.OnnxRuntime.Synthetic;

/// <summary>The graphs that other tests build on are decoders: causal, and the same whether a text comes at once or in pieces.</summary>
public sealed class SyntheticDecoderTests
{
    private static readonly int[] Text = [3, 9, 27, 17, 5, 30, 31, 8];

    private static IEnumerable<TestCaseData> Variants =>
    [
        Case("concatenated", new SyntheticOptions()),
        Case("one layer", new SyntheticOptions { Layers = 1 }),
        Case("int32 ids", new SyntheticOptions { Int32Ids = true }),
        Case("fp16 cache", new SyntheticOptions { HalfCache = true }),
        Case("fp16 logits", new SyntheticOptions { LogitsElement = OnnxElement.Float16 }),
        Case("bf16 logits", new SyntheticOptions { LogitsElement = OnnxElement.BFloat16 }),
        Case("GQA", new SyntheticOptions { GroupQuery = true }),
        Case("GQA int32 ids", new SyntheticOptions { GroupQuery = true, Int32Ids = true }),
        Case("GQA fp16 cache", new SyntheticOptions { GroupQuery = true, HalfCache = true }),
        Case("uneven layers", new SyntheticOptions { UnevenLayers = true }),
        Case("GQA uneven layers", new SyntheticOptions { GroupQuery = true, UnevenLayers = true }),
        Case("GQA explicit positions", new SyntheticOptions { GroupQuery = true, ExplicitPositions = true }),
    ];

    [TestCaseSource(nameof(Variants))]
    public void A_text_in_pieces_has_the_logits_of_the_whole(object variant)
    {
        var options = (SyntheticOptions)variant;
        using var files = SyntheticFolder.Create(options);
        var folder = ModelFolder.Read(files.Path);
        using var session = GraphRunner.Open(folder);

        var whole = GraphRunner.Start(session, folder);
        float[] expected = GraphRunner.Continue(session, folder, whole, Text);
        var pieces = GraphRunner.Start(session, folder);
        float[] first = GraphRunner.Continue(session, folder, pieces, Text[..5]);
        float[] second = GraphRunner.Continue(session, folder, pieces, Text[5..]);

        double tolerance = options.LogitsElement == OnnxElement.BFloat16 ? 5e-2 : options.HalfCache || options.LogitsElement == OnnxElement.Float16 ? 2e-2 : 1e-4;
        Assert.That((float[])[.. first, .. second], Is.EqualTo(expected).Within(tolerance));
        Assert.That(expected.Max() - expected.Min(), Is.GreaterThan(1), "logits that tell ids apart");
    }

    [TestCaseSource(nameof(Variants))]
    public void A_row_does_not_see_what_follows(object variant)
    {
        using var files = SyntheticFolder.Create((SyntheticOptions)variant);
        var folder = ModelFolder.Read(files.Path);
        using var session = GraphRunner.Open(folder);
        int[] other = [.. Text[..5], 1, 2, 4];

        float[] one = GraphRunner.Continue(session, folder, GraphRunner.Start(session, folder), Text);
        float[] two = GraphRunner.Continue(session, folder, GraphRunner.Start(session, folder), other);

        const int Row = SyntheticOptions.Vocabulary;
        Assert.That(one[..(5 * Row)], Is.EqualTo(two[..(5 * Row)]).Within(1e-5));
        Assert.That(one[(5 * Row)..], Is.Not.EqualTo(two[(5 * Row)..]).Within(1e-2));
    }

    [Test]
    public void Dynamic_quantization_makes_a_row_depend_on_the_others_and_is_named()
    {
        using var files = SyntheticFolder.Create(new SyntheticOptions { DynamicQuantization = true });
        var folder = ModelFolder.Read(files.Path);
        using var session = GraphRunner.Open(folder);
        float[] alone = GraphRunner.Continue(session, folder, GraphRunner.Start(session, folder), Text[..2]);
        float[] together = GraphRunner.Continue(session, folder, GraphRunner.Start(session, folder), Text);

        Assert.That(together[..alone.Length], Is.Not.EqualTo(alone).Within(1e-4));
        Assert.That(DecoderGraph.Read(folder).CrossRowOperator, Does.Contain("DynamicQuantizeLinear"));
    }

    [Test]
    public void The_last_row_only_has_a_fixed_length()
    {
        using var files = SyntheticFolder.Create(new SyntheticOptions { LastRowOnly = true });
        using var session = GraphRunner.Open(ModelFolder.Read(files.Path));

        Assert.That(session.OutputMetadata["logits"].Dimensions, Is.EqualTo(new[] { -1, 1, SyntheticOptions.Vocabulary }));
    }

    [Test]
    public void The_folder_is_complete()
    {
        using var files = SyntheticFolder.Create(new SyntheticOptions { LogitsName = "scores" });

        Assert.That(ModelFolder.FindFaults(files.Path, modelFile: null, needsTokenizer: true), Is.Empty);
        Assert.That(ModelFolder.Read(files.Path).EndTokenIds, Is.EqualTo(new[] { SyntheticFolder.EndTokenId }));
    }

    private static TestCaseData Case(string name, SyntheticOptions options) => new TestCaseData(options).SetArgDisplayNames(name);
}
