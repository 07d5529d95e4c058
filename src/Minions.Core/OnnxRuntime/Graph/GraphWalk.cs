namespace Minions.Core.OnnxRuntime.Graph;

/// <summary>Nodes and names of a graph, those of the graphs inside its nodes (If, Loop, Scan) included.</summary>
internal static class GraphWalk
{
    public static IEnumerable<OnnxNode> AllNodes(IEnumerable<OnnxNode> nodes) =>
        nodes.SelectMany(node => Subgraphs(node).SelectMany(graph => AllNodes(graph.Node)).Prepend(node));

    public static IEnumerable<OnnxGraph> Subgraphs(OnnxNode node) =>
        node.Attribute.SelectMany(attribute => attribute.Graphs.Concat(attribute.G is null ? [] : [attribute.G]));

    /// <summary>The names a node reads: its inputs, and what its inner graphs take from around it.</summary>
    public static IEnumerable<string> Reads(OnnxNode node) => node.Input.Where(name => name.Length > 0)
        .Concat(Subgraphs(node).SelectMany(graph => graph.Node.SelectMany(Reads).Concat(graph.Output.Select(output => output.Name))));

    /// <summary>The node that makes each value of a graph.</summary>
    public static Dictionary<string, OnnxNode> Producers(OnnxGraph graph)
    {
        var producers = new Dictionary<string, OnnxNode>(StringComparer.Ordinal);
        foreach (OnnxNode node in graph.Node)
        {
            foreach (string output in node.Output)
                producers[output] = node;
        }

        return producers;
    }

    /// <summary>The nodes that values come from, the last first.</summary>
    /// <param name="graph">The graph, whose nodes stand in topological order.</param>
    /// <param name="values">The values; what the nodes read is added as they are walked.</param>
    /// <param name="border">A value whose makers are left out, or null.</param>
    public static IEnumerable<OnnxNode> Behind(OnnxGraph graph, HashSet<string> values, string? border = null)
    {
        foreach (OnnxNode node in graph.Node.Reverse().Where(node => node.Output.Any(output => output != border && values.Contains(output))))
        {
            yield return node;
            values.UnionWith(Reads(node));
        }
    }

    /// <summary>A node for messages: its name and operator.</summary>
    public static string Describe(OnnxNode node) => node.Name.Length > 0 ? $"'{node.Name}' ({node.OpType})" : $"a node {node.OpType}";

    /// <summary>The version of ONNX's own operators that a model asks for, 0 where it does not say.</summary>
    public static long OperatorSet(OnnxModel model) => model.OpsetImport.FirstOrDefault(set => set.Domain is "" or "ai.onnx")?.Version ?? 0;
}
