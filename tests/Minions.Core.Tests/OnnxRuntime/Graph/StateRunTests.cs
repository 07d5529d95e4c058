using Microsoft.ML.OnnxRuntime;
using Minions.Core.OnnxRuntime.Folder;
using Minions.Core.OnnxRuntime.Graph;
using Minions.Core.Tests.OnnxRuntime.Synthetic;

namespace Minions.Core.Tests.OnnxRuntime.Graph;

/// <summary>States come out beside the logits, whose bits they leave alone, in every graph that is made of a file.</summary>
public sealed class StateRunTests
{
    private static IEnumerable<TestCaseData> Models =>
    [
        Case("family", Path.Combine(RepositoryFiles.Family, "target"), "layer:0", "layers.3.n1", "layer:7", "final"),
        Case("smollm2", Path.Combine(RepositoryFiles.SmolLm2, "target"), "model.layers.10.n1", "model.layers.20.n1", "final"),
        Case("smollm2 layers", Path.Combine(RepositoryFiles.SmolLm2, "target"), "layer:2", "layer:15", "layer:29"),
        Case("smollm2 draft", Path.Combine(RepositoryFiles.SmolLm2, "draft-code"), "layer:0", "final"),
        Case("llama-int4", Path.Combine(RepositoryFiles.Tiny, "llama-int4"), "layer:0", "layer:1", "final"),
        Case("qwen3-fp32", Path.Combine(RepositoryFiles.Tiny, "qwen3-fp32"), "layer:0", "layer:1", "final"),
        Case("opset24", Path.Combine(RepositoryFiles.Graphs, "opset24-attention"), "layer:0", "final"),
        Case("eagle3", Path.Combine(RepositoryFiles.Heads, "eagle3", "target"), "hidden_states.0", "hidden_states.2", "layer:3", "final"),
    ];

    [TestCaseSource(nameof(Models))]
    public void One_slot_gives_the_logits_without_states_and_the_states_of_the_whole_text_bit_for_bit(string path, string[] names)
    {
        var folder = ModelFolder.Read(path);
        int[] text = Text(folder, 23, 1);
        DecoderGraph graph = DecoderGraph.Read(folder, names);
        (float[] expected, float[][] states) = Whole(folder, graph, text);

        RewrittenGraph rewritten = graph.Rewrite(1, folder, out string? reason)!;
        Assert.That(reason, Is.Null);
        using InferenceSession session = GraphRunner.Open(folder, rewritten.File);
        Dictionary<string, OrtValue> caches = GraphRunner.Caches(session, folder, 40);
        var logits = new List<float>();
        var given = graph.States.Select(_ => new List<float>()).ToArray();
        foreach ((int from, int to) in new[] { (0, 14), (14, 16), (16, 23) })
        {
            Dictionary<string, float[]> memory = Memory(graph, to - from);
            logits.AddRange(GraphRunner.Spread(rewritten, GraphRunner.RunSlots(session, folder, caches, memory, [], (text, from, to))));
            for (int i = 0; i < given.Length; i++)
                given[i].AddRange(memory[graph.States[i].Tensor]);
        }

        Assert.That(logits, Is.EqualTo(expected));
        Assert.That(given, Is.EqualTo(states));
    }

    [TestCaseSource(nameof(Models))]
    public void Two_slots_give_the_rows_of_both_one_after_another(string path, string[] names)
    {
        var folder = ModelFolder.Read(path);
        int[] one = Text(folder, 17, 1), two = Text(folder, 9, 2);
        DecoderGraph graph = DecoderGraph.Read(folder, names);
        (float[] ofOne, float[][] statesOfOne) = Whole(folder, graph, one);
        (float[] ofTwo, float[][] statesOfTwo) = Whole(folder, graph, two);

        RewrittenGraph rewritten = graph.Rewrite(2, folder, out _)!;
        using InferenceSession session = GraphRunner.Open(folder, rewritten.File);
        Dictionary<string, float[]> memory = Memory(graph, one.Length + two.Length);
        float[] logits = GraphRunner.Spread(
            rewritten, GraphRunner.RunSlots(session, folder, GraphRunner.Caches(session, folder, 24), memory, [], (one, 0, one.Length), (two, 0, two.Length)));

        Assert.That(logits, Is.EqualTo((float[])[.. ofOne, .. ofTwo]));
        Assert.That(graph.States.Select(state => memory[state.Tensor]), Is.EqualTo(statesOfOne.Zip(statesOfTwo, (first, second) => (float[])[.. first, .. second])));
    }

    [TestCaseSource(nameof(Models))]
    public void States_have_all_rows_where_logits_have_those_that_are_wanted(string path, string[] names)
    {
        var folder = ModelFolder.Read(path);
        int[] text = Text(folder, 12, 1);
        DecoderGraph graph = DecoderGraph.Read(folder, names);
        (float[] expected, float[][] states) = Whole(folder, graph, text);

        RewrittenGraph rewritten = graph.Rewrite(1, folder, out _)!;
        using InferenceSession session = GraphRunner.Open(folder, rewritten.File);
        Assert.That(session.InputMetadata.Keys, Has.Some.EqualTo(SlotNames.Rows));
        Dictionary<string, float[]> memory = Memory(graph, text.Length);
        float[] logits = GraphRunner.Spread(rewritten, GraphRunner.RunSlots(session, folder, GraphRunner.Caches(session, folder, 24), memory, [9, 11], (text, 0, text.Length)));

        int row = folder.VocabularySize;
        Assert.That(logits, Is.EqualTo((float[])[.. expected[(9 * row)..(10 * row)], .. expected[(11 * row)..]]));
        Assert.That(graph.States.Select(state => memory[state.Tensor]), Is.EqualTo(states));
    }

    [TestCaseSource(nameof(Models))]
    public void The_file_with_states_alone_keeps_its_inputs_outputs_and_logits(string path, string[] names)
    {
        var folder = ModelFolder.Read(path);
        int[] text = Text(folder, 20, 3);
        DecoderGraph graph = DecoderGraph.Read(folder, names);
        using InferenceSession original = GraphRunner.Open(folder);
        using InferenceSession changed = GraphRunner.Open(folder, graph.ChangedOnly()!.File);

        Assert.That(changed.InputMetadata.Keys, Is.EqualTo(original.InputMetadata.Keys));
        Assert.That(changed.OutputMetadata.Keys, Is.EquivalentTo(original.OutputMetadata.Keys.Union(graph.States.Select(state => state.Tensor))));
        Assert.That(GraphRunner.RunOriginal(changed, folder, text), Is.EqualTo(GraphRunner.RunOriginal(original, folder, text)));
    }

    [Test]
    public void An_output_that_nobody_asked_for_is_dropped_with_what_made_it()
    {
        var folder = ModelFolder.Read(Path.Combine(RepositoryFiles.Heads, "eagle3", "target"));
        int[] text = Text(folder, 11, 4);
        DecoderGraph graph = DecoderGraph.Read(folder);
        Assert.That(graph.States, Is.Empty);
        Assert.That(graph.ChangedOnly(), Is.Null);
        Assert.That(DecoderGraph.Read(folder, ["hidden_states.1"]).ChangedOnly(), Is.Null, "it is an output already");

        using InferenceSession original = GraphRunner.Open(folder);
        using InferenceSession session = GraphRunner.Open(folder, graph.Rewrite(1, folder, out _)!.File);
        Assert.That(session.OutputMetadata.Keys, Has.None.StartsWith("hidden_states"));
        Assert.That(GraphRunner.RunSlots(session, folder, GraphRunner.Caches(session, folder, 16), (text, 0, text.Length)), Is.EqualTo(GraphRunner.RunOriginal(original, folder, text)));
    }

    [Test]
    public void Fixed_caches_give_the_states_of_the_form_that_hands_them_on()
    {
        var handed = ModelFolder.Read(Path.Combine(RepositoryFiles.Graphs, "opset24-attention"));
        var scattered = ModelFolder.Read(Path.Combine(RepositoryFiles.Graphs, "opset24-static-cache"));
        int[] text = Text(handed, 10, 5);
        DecoderGraph graph = DecoderGraph.Read(scattered, ["layer:0", "final"]);
        (float[] expected, float[][] states) = Whole(handed, DecoderGraph.Read(handed, ["layer:0", "final"]), text);

        using InferenceSession session = GraphRunner.Open(scattered, graph.Rewrite(1, scattered, out _)!.File);
        Dictionary<string, float[]> memory = Memory(graph, text.Length);

        Assert.That(GraphRunner.RunSlots(session, scattered, GraphRunner.Caches(session, scattered, 16), memory, [], (text, 0, text.Length)), Is.EqualTo(expected));
        Assert.That(graph.States.Select(state => memory[state.Tensor]), Is.EqualTo(states));
    }

    [Test]
    public void A_graph_that_cannot_be_rewritten_gives_states_all_the_same()
    {
        using var files = SyntheticFolder.Create(new SyntheticOptions { UnevenLayers = true });
        var folder = ModelFolder.Read(files.Path);
        DecoderGraph graph = DecoderGraph.Read(folder, ["layer:0", "layer:1", "final"]);
        Assert.That(graph.Rewrite(1, folder, out _), Is.Null);
        using InferenceSession original = GraphRunner.Open(folder);
        using InferenceSession changed = GraphRunner.Open(folder, graph.ChangedOnly()!.File);
        int[] text = [3, 9, 27, 17, 5];

        float[][] given = GraphRunner.RunOriginal(changed, folder, text, [folder.Names.Logits, .. graph.States.Select(state => state.Tensor)]);
        Assert.That(given[0], Is.EqualTo(GraphRunner.RunOriginal(original, folder, text)));
        Assert.That(given.Skip(1).Select(state => state.Length), Is.All.EqualTo(text.Length * SyntheticOptions.Hidden));
    }

    // The file itself gives the logits; with the states as outputs it must give the same, and the states beside them.
    private static (float[] Logits, float[][] States) Whole(ModelFolder folder, DecoderGraph graph, int[] text)
    {
        using InferenceSession plain = GraphRunner.Open(folder);
        using InferenceSession changed = GraphRunner.Open(folder, graph.ChangedOnly()?.File);
        return (GraphRunner.RunOriginal(plain, folder, text), GraphRunner.RunOriginal(changed, folder, text, [.. graph.States.Select(state => state.Tensor)]));
    }

    private static Dictionary<string, float[]> Memory(DecoderGraph graph, int rows) => graph.States.ToDictionary(state => state.Tensor, state => new float[rows * state.Width]);

    private static int[] Text(ModelFolder folder, int length, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, length).Select(_ => random.Next(3, Math.Min(folder.VocabularySize, 4000)))];
    }

    private static TestCaseData Case(string name, string path, params string[] states) => new TestCaseData(path, states).SetArgDisplayNames(name);
}
