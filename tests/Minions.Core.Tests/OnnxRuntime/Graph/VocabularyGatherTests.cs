using Minions.Core.OnnxRuntime.Folder;
using Minions.Core.OnnxRuntime.Graph;

namespace Minions.Core.Tests.OnnxRuntime.Graph;

/// <summary>On the drafts of SmolLM2, whose heads know 8192 tokens of 49152; that the spread logits are the original's is tested with the slots.</summary>
public sealed class VocabularyGatherTests
{
    private static readonly ModelFolder Draft = ModelFolder.Read(Path.Combine(RepositoryFiles.SmolLm2, "draft-code"));
    private static readonly OnnxModel Model = OnnxModel.Parser.ParseFrom(File.ReadAllBytes(Draft.ModelFile));

    private static IEnumerable<TestCaseData> Obstacles =>
    [
        Obstacle("along rows", graph => Gather(graph).Attribute[0].I = 1),
        Obstacle("no axis", graph => Gather(graph).Attribute.Clear()),
        Obstacle("indices computed in the run", graph => Gather(graph).Input[1] = "in.shape"),
        Obstacle("indices in another file", graph => Indices(graph).ExternalData.Add(new OnnxEntry { Key = "location", Value = "x" })),
        Obstacle("an index from the end", graph => Indices(graph).RawData = Google.Protobuf.ByteString.CopyFrom([.. Enumerable.Repeat((byte)255, 4 * 49152)])),
        Obstacle("a filler that is no constant", graph => Producer(graph, "pad").OpType = "Expand"),
        Obstacle("a head of unknown width", graph => Producer(graph, "lm_head.out").OpType = "FusedMatMul"),
        Obstacle("columns that are an output", graph => graph.Output.Add(new OnnxValueInfo { Name = "lm_head.out" })),
        Obstacle("columns read twice", graph => graph.Node.Add(new OnnxNode { OpType = "Identity", Input = { "lm_head.out" }, Output = { "other" } })),
    ];

    [Test]
    public void A_reduced_vocabulary_is_cut_behind_its_head()
    {
        var graph = Model.Graph.Clone();
        ReducedVocabulary vocabulary = VocabularyGather.TryCut(graph, "logits")!;

        float[] row = vocabulary.OpenRow();
        float[] columns = [.. Enumerable.Range(1, vocabulary.Width).Select(column => (float)column)];
        vocabulary.Spread(columns, row);
        Assert.Multiple(() =>
        {
            Assert.That((vocabulary.Width, vocabulary.TokenCount), Is.EqualTo((8192, 49152)));
            Assert.That(row.Where(logit => logit > 0), Is.EquivalentTo(columns));
            Assert.That(row.Where(logit => logit <= 0), Is.All.EqualTo(-10000));
            Assert.That(Enumerable.Range(0, vocabulary.Width).Select(column => row[vocabulary.TokenOf(column)]), Is.EqualTo(columns));
            Assert.That(Producer(graph, "logits").OpType, Is.EqualTo("MatMulNBits"));
            Assert.That(graph.Output[0].Type.TensorType.Shape.Dim[2].DimValue, Is.EqualTo(8192));
        });
    }

    [TestCaseSource(nameof(Obstacles))]
    public void What_is_not_surely_a_reduced_vocabulary_stays_as_it_is(object change)
    {
        var graph = Model.Graph.Clone();
        ((Action<OnnxGraph>)change)(graph);
        var before = graph.Clone();

        Assert.That(VocabularyGather.TryCut(graph, "logits"), Is.Null);
        Assert.That(graph, Is.EqualTo(before));
    }

    [Test]
    public void A_head_of_the_whole_vocabulary_stays_as_it_is() =>
        Assert.That(DecoderGraph.Read(ModelFolder.Read(Path.Combine(RepositoryFiles.Family, "target")))
            .Rewrite(1, ModelFolder.Read(Path.Combine(RepositoryFiles.Family, "target")), out _)!.Vocabulary, Is.Null);

    private static TestCaseData Obstacle(string name, Action<OnnxGraph> change) => new TestCaseData(change).SetArgDisplayNames(name);

    private static OnnxNode Gather(OnnxGraph graph) => Producer(graph, "logits");

    private static OnnxNode Producer(OnnxGraph graph, string value) => graph.Node.First(node => node.Output.Contains(value));

    private static OnnxTensor Indices(OnnxGraph graph) => graph.Initializer.First(tensor => tensor.Name == "vocabulary.out");
}
