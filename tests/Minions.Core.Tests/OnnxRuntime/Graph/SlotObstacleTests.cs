using Minions.Core.OnnxRuntime.Folder;
using Minions.Core.OnnxRuntime.Graph;
using Minions.Core.Tests.OnnxRuntime.Synthetic;

namespace Minions.Core.Tests.OnnxRuntime.Graph;

/// <summary>A graph that is not understood is left alone, with a reason that names what stood in the way.</summary>
public sealed class SlotObstacleTests
{
    private static readonly SyntheticOptions GroupQuery = new() { GroupQuery = true };

    private static IEnumerable<TestCaseData> Obstacles =>
    [
        Case("no GroupQueryAttention", new SyntheticOptions(), _ => { }, "no GroupQueryAttention"),
        Case("logits of one row", GroupQuery with { LastRowOnly = true }, _ => { }, "'logits' has a fixed length of 1"),
        Case("no logits", GroupQuery with { LogitsName = "scores" }, _ => { }, "no output 'logits'"),
        Case("mask read elsewhere", GroupQuery, graph => Add(graph, "Cast", "attention_mask", "seen", read: true), "'attention_mask' is read by 'extra' (Cast)"),
        Case("past read elsewhere", GroupQuery, graph => Add(graph, "Cast", "past_key_values.0.key", "seen", read: true), "'past_key_values.0.key' is read by more than"),
        Case("present read inside", GroupQuery, graph => Add(graph, "Cast", "present.1.value", "seen", read: true), "'present.1.value' is read inside"),
        Case("past computed", GroupQuery, graph =>
        {
            Add(graph, "Identity", "past_key_values.0.key", "computed", read: false);
            Attention(graph).Input[3] = "computed";
        }, "past of 'GroupQueryAttention"),
        Case("present kept inside", GroupQuery, graph => graph.Output.Remove(graph.Output.Single(output => output.Name == "present.0.key")), "present of 'GroupQueryAttention"),
        Case("attention bias", GroupQuery with { ExplicitPositions = true }, graph => Attention(graph).Input.Add("bias"), "attention bias"),
        Case("scores returned", GroupQuery, graph => Attention(graph).Output.Add("scores"), "also returns its scores"),
        Case("key without value", GroupQuery, graph => Attention(graph).Input[1] = "key", "key without a value"),
        Case("no lengths", GroupQuery, graph =>
        {
            while (Attention(graph).Input.Count > 5)
                Attention(graph).Input.RemoveAt(5);
        }, "no KV cache or lengths"),
        Case("a name of a slot", GroupQuery, graph => graph.Input.Add(new OnnxValueInfo { Name = "slot_lengths" }), "'slot_lengths'"),
        Case("no ids", GroupQuery, graph => graph.Input.Remove(graph.Input.Single(input => input.Name == "input_ids")), "no input 'input_ids'"),
    ];

    [TestCaseSource(nameof(Obstacles))]
    public void An_obstacle_is_named(object options, object change, string reason)
    {
        var model = SyntheticDecoder.Build((SyntheticOptions)options);
        ((Action<OnnxGraph>)change)(model.Graph);

        foreach (int slots in new[] { 1, 2 })
        {
            Assert.That(Rewrite(model, (SyntheticOptions)options, slots, out string? given), Is.Null);
            Assert.That(given, Does.Contain(reason));
        }
    }

    [Test]
    public void Rows_that_mix_forbid_company_but_not_one_slot()
    {
        var options = GroupQuery with { DynamicQuantization = true };
        var model = SyntheticDecoder.Build(options);

        Assert.That(Rewrite(model, options, 1, out _), Is.Not.Null);
        Assert.That(Rewrite(model, options, 2, out string? reason), Is.Null);
        Assert.That(reason, Does.Contain("DynamicQuantizeLinear"));
    }

    [Test]
    public void An_operator_set_without_Split_by_input_forbids_company_but_not_one_slot()
    {
        var model = SyntheticDecoder.Build(GroupQuery);
        model.OpsetImport[0].Version = 12;

        Assert.That(Rewrite(model, GroupQuery, 1, out _), Is.Not.Null);
        Assert.That(Rewrite(model, GroupQuery, 2, out string? reason), Is.Null);
        Assert.That(reason, Does.Contain("operator set 13"));
    }

    [Test]
    public void A_graph_may_be_rewritten_again_and_again()
    {
        using var files = SyntheticFolder.Create(GroupQuery);
        var folder = ModelFolder.Read(files.Path);
        var graph = DecoderGraph.Read(folder);

        byte[] first = graph.Rewrite(4, folder, out _)!.File;
        Assert.That(graph.Rewrite(1, folder, out _), Is.Not.Null);
        Assert.That(graph.Rewrite(4, folder, out _)!.File, Is.EqualTo(first));
    }

    private static byte[]? Rewrite(OnnxModel model, SyntheticOptions options, int slots, out string? reason)
    {
        using var files = SyntheticFolder.Create(options, model);
        var folder = ModelFolder.Read(files.Path);
        return DecoderGraph.Read(folder).Rewrite(slots, folder, out reason)?.File;
    }

    private static OnnxNode Attention(OnnxGraph graph) => graph.Node.First(GroupQueryAttention.Is);

    // A node more; where it is to be read, its result goes on into the logits so that it is not dropped as dead.
    private static void Add(OnnxGraph graph, string op, string input, string output, bool read)
    {
        var node = new OnnxNode { Name = "extra", OpType = op, Input = { input }, Output = { output } };
        if (!read)
        {
            graph.Node.Insert(0, node);
            return;
        }

        var last = graph.Node[^1];
        graph.Node.Insert(graph.Node.Count - 1, node);
        graph.Node.Insert(graph.Node.Count - 1, new OnnxNode { Name = "reader", OpType = "Add", Input = { last.Input[0], output }, Output = { "read" } });
        last.Input[0] = "read";
    }

    private static TestCaseData Case(string name, SyntheticOptions options, Action<OnnxGraph> change, string reason) =>
        new TestCaseData(options, change, reason).SetArgDisplayNames(name);
}
