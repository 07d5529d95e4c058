using Minions.Core.OnnxRuntime.Folder;

namespace Minions.Core.OnnxRuntime.Graph;

/// <summary>The tables of sines and cosines that rotary positions are looked up in: a text that outgrows them cannot be run.</summary>
internal sealed class RotaryTables
{
    private readonly Dictionary<string, OnnxNode> _producers = new(StringComparer.Ordinal);
    private readonly Dictionary<string, OnnxTensor> _weights;

    private RotaryTables(OnnxGraph graph)
    {
        _weights = graph.Initializer.ToDictionary(tensor => tensor.Name, StringComparer.Ordinal);
        foreach (OnnxNode node in graph.Node)
        {
            foreach (string output in node.Output)
                _producers[output] = node;
        }
    }

    /// <summary>A table that is too short for the context, or null.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="folder">The context.</param>
    /// <param name="factors">How tables are chosen by the length of the text, or null.</param>
    public static string? FindFault(OnnxGraph graph, ModelFolder folder, FactorSwitch? factors)
    {
        var tables = new RotaryTables(graph);
        int ofShort = Math.Min(factors?.Length ?? int.MaxValue, folder.ContextLength);
        foreach ((OnnxNode node, string table) in graph.Node.SelectMany(node => TablesOf(node).Select(table => (node, table))))
        {
            foreach ((bool isLong, int length) in new[] { (false, ofShort), (true, folder.ContextLength) })
            {
                if (length > ofShort == isLong && tables.RowsOf(table, factors, isLong) is { } rows && rows < length)
                {
                    return $"the rotary table '{table}' of {GraphWalk.Describe(node)} has {rows} positions, and the configuration allows texts of {length} ids: "
                        + $"correct the context length in the configuration to {rows} or less, or export the model for its whole context";
                }
            }
        }

        return null;
    }

    /// <summary>The rows of the shortest table from which nodes take those of the positions of a run; null where there is none.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="positions">The name of the positions.</param>
    public static int? LongestText(OnnxGraph graph, string positions)
    {
        var tables = new RotaryTables(graph);
        long? shortest = graph.Node.Where(node => node is { OpType: "Gather", Input.Count: 2 } && node.Input[1] == positions).Min(node => tables.RowsOf(node.Input[0], null, isLong: false));
        return shortest is { } rows ? (int)Math.Min(rows, int.MaxValue) : null;
    }

    // The second and third inputs of the standard's operator are tables only where positions choose their rows.
    private static IEnumerable<string> TablesOf(OnnxNode node) => node switch
    {
        { OpType: "GroupQueryAttention", Input.Count: > 8 } => [.. node.Input.Skip(7).Take(2).Where(name => name.Length > 0)],
        { OpType: "RotaryEmbedding", Domain: "com.microsoft", Input.Count: > 3 } => node.Input.Skip(2).Take(2),
        { OpType: "RotaryEmbedding", Input: [_, _, _, { Length: > 0 }, ..] } => node.Input.Skip(1).Take(2),
        _ => [],
    };

    private long? RowsOf(string name, FactorSwitch? factors, bool isLong)
    {
        if (_weights.TryGetValue(name, out OnnxTensor? table))
            return RowsOf(table);
        if (!_producers.TryGetValue(name, out OnnxNode? producer))
            return null;
        if (producer.OpType == "If" && producer.Input[0] == FactorSwitch.Input && factors?.BranchOf(producer, isLong) is { } branch)
            return RowsIn(branch, branch.Output[producer.Output.IndexOf(name)].Name, factors, isLong);

        return RowsOf(producer, () => RowsOf(producer.Input[0], factors, isLong));
    }

    private long? RowsIn(OnnxGraph branch, string name, FactorSwitch factors, bool isLong)
    {
        if (branch.Initializer.FirstOrDefault(tensor => tensor.Name == name) is { } table)
            return RowsOf(table);

        return branch.Node.FirstOrDefault(node => node.Output.Contains(name)) is { } producer
            ? RowsOf(producer, () => RowsIn(branch, producer.Input[0], factors, isLong))
            : RowsOf(name, factors, isLong);
    }

    private static long? RowsOf(OnnxNode producer, Func<long?> ofInput) => producer.OpType switch
    {
        "Constant" => producer.Attribute.FirstOrDefault(attribute => attribute.Name == "value")?.T is { } table ? RowsOf(table) : null,
        "Identity" or "Cast" => ofInput(),
        _ => null,
    };

    private static long? RowsOf(OnnxTensor table) => table.Dims.Count == 2 ? table.Dims[0] : null;
}
