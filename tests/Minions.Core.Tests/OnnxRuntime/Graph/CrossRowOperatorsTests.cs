using Minions.Core.OnnxRuntime.Graph;

namespace Minions.Core.Tests.OnnxRuntime.Graph;

public sealed class CrossRowOperatorsTests
{
    [TestCase("DynamicQuantizeLinear")]
    [TestCase("DynamicQuantizeMatMul")]
    [TestCase("MoE")]
    [TestCase("QMoE")]
    [TestCase("Loop")]
    [TestCase("Scan")]
    public void An_operator_that_mixes_rows_is_named(string op) =>
        Assert.That(CrossRowOperators.FindFirst(Model(Node(op, "x", "y", "culprit"))), Does.Contain("culprit").And.Contain(op));

    [TestCase("MatMulIntegerToFloat")]
    [TestCase("MatMulNBits")]
    [TestCase("GroupQueryAttention")]
    public void Others_pass(string op) => Assert.That(CrossRowOperators.FindFirst(Model(Node(op, "x", "y"))), Is.Null);

    [Test]
    public void The_first_is_named() =>
        Assert.That(CrossRowOperators.FindFirst(Model(Node("MoE", "x", "y", "one"), Node("QMoE", "y", "z", "two"))), Does.Contain("one"));

    [Test]
    public void A_node_without_a_name_is_named_by_its_operator() =>
        Assert.That(CrossRowOperators.FindFirst(Model(Node("MoE", "x", "y"))), Is.EqualTo("a node MoE"));

    [Test]
    public void Inner_graphs_and_functions_are_searched()
    {
        var branch = Node("If", "flag", "y");
        branch.Attribute.Add(new OnnxAttribute { Name = "then_branch", G = new OnnxGraph { Node = { Node("DynamicQuantizeLinear", "x", "q", "inner") } } });
        var functions = Model(Node("Own", "x", "y"));
        functions.Functions.Add(new OnnxFunction { Name = "Own", Node = { Node("QMoE", "x", "y", "in function") } });

        Assert.That(CrossRowOperators.FindFirst(Model(branch)), Does.Contain("inner"));
        Assert.That(CrossRowOperators.FindFirst(functions), Does.Contain("in function"));
    }

    [Test]
    public void A_branch_on_the_length_of_the_text_is_named()
    {
        var model = Model(Node("Shape", "attention_mask", "shape"), Node("Greater", "shape", "long"), Node("If", "long", "y", "LongRoPE"));

        Assert.That(CrossRowOperators.FindFirst(model), Does.Contain("LongRoPE").And.Contain("If"));
    }

    [Test]
    public void A_branch_on_what_an_inner_graph_reads_around_it_is_named()
    {
        var inner = Node("If", "flag", "long");
        inner.Attribute.Add(new OnnxAttribute { Name = "then_branch", G = new OnnxGraph { Node = { Node("Size", "attention_mask", "size") } } });

        Assert.That(CrossRowOperators.FindFirst(Model(inner, Node("If", "long", "y", "outer"))), Does.Contain("outer"));
    }

    [TestCase("flag")]
    [TestCase("weight")]
    public void A_branch_on_a_flag_or_a_constant_passes(string condition) =>
        Assert.That(CrossRowOperators.FindFirst(Model(Node("Not", condition, "no"), Node("If", "no", "y"))), Is.Null);

    private static OnnxModel Model(params OnnxNode[] nodes) => new()
    {
        Graph = new OnnxGraph
        {
            Node = { nodes },
            Input = { Input("attention_mask", OnnxElement.Int64), Input("flag", OnnxElement.Bool) },
            Initializer = { new OnnxTensor { Name = "weight" } },
        },
    };

    private static OnnxNode Node(string op, string input, string output, string name = "") =>
        new() { Name = name, OpType = op, Input = { input }, Output = { output } };

    private static OnnxValueInfo Input(string name, int element) =>
        new() { Name = name, Type = new OnnxType { TensorType = new OnnxTensorType { ElemType = element } } };
}
