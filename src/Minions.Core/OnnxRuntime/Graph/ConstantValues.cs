namespace Minions.Core.OnnxRuntime.Graph;

/// <summary>The values of a graph that are the same in every run: weights, and what is computed of nothing else.</summary>
internal sealed class ConstantValues
{
    private readonly HashSet<string> _names;

    public ConstantValues(OnnxGraph graph)
    {
        _names = graph.Initializer.Select(tensor => tensor.Name).ToHashSet(StringComparer.Ordinal);

        // Nodes stand in topological order.
        foreach (OnnxNode node in graph.Node.Where(node => !IsRandom(node) && GraphWalk.Reads(node).All(_names.Contains)))
            _names.UnionWith(node.Output);
    }

    public bool Contains(string name) => _names.Contains(name);

    /// <summary>Whether the graphs inside a node give constants.</summary>
    public bool HoldsIn(OnnxNode node) => GraphWalk.Subgraphs(node).All(graph =>
    {
        var inside = graph.Initializer.Select(tensor => tensor.Name).ToHashSet(StringComparer.Ordinal);
        foreach (OnnxNode inner in graph.Node)
        {
            if (IsRandom(inner) || !GraphWalk.Reads(inner).All(name => inside.Contains(name) || _names.Contains(name)))
                return false;
            inside.UnionWith(inner.Output);
        }

        return graph.Output.All(output => inside.Contains(output.Name) || _names.Contains(output.Name));
    });

    /// <summary>Whether a node gives other values in every run.</summary>
    public static bool IsRandom(OnnxNode node) => node.OpType.StartsWith("Random", StringComparison.Ordinal) || node.OpType is "Bernoulli" or "Multinomial";
}
