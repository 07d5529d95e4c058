namespace Minions.Core.OnnxRuntime.Graph;

/// <summary>
/// The attention operator of ONNX itself, from operator set 24 on, as far as it holds a request's cache. See Attention and TensorScatter in ONNX's
/// Operators.md for inputs and outputs by number.
/// </summary>
/// <remarks>
/// Two forms are written. One hands its cache on: past and present are inputs and outputs of the node. The other writes rows into a cache of a fixed
/// length (TensorScatter) and tells attention how many entries count. A slot always gets the second form, whose cache is appended to in place.
/// </remarks>
internal static class StandardAttention
{
    /// <summary>The operator set that brought lengths and TensorScatter.</summary>
    public const int OperatorSet = 24;

    private const string CausalKey = "is_causal";

    private const int Query = 0;
    private const int Key = 1;
    private const int Value = 2;
    private const int Mask = 3;
    private const int PastKey = 4;
    private const int PastValue = 5;
    private const int Lengths = 6;
    private const int PresentKey = 1;
    private const int PresentValue = 2;
    private const int Scores = 3;

    public static bool Is(OnnxNode node) => node.OpType == "Attention" && node.Domain is "" or "ai.onnx";

    public static IEnumerable<string> Pasts(OnnxNode node) => node.Input.Skip(PastKey).Take(2).Where(name => name.Length > 0);

    public static IEnumerable<string> Presents(OnnxNode node) => node.Output.Skip(PresentKey).Take(2).Where(name => name.Length > 0);

    /// <summary>The value that hides entries from rows, or null where there is none.</summary>
    public static string? MaskOf(OnnxNode node) => Has(node, Mask) ? node.Input[Mask] : null;

    public static long Heads(OnnxNode node) => IntegerOf(node, "q_num_heads");

    public static long KvHeads(OnnxNode node) => IntegerOf(node, "kv_num_heads");

    /// <summary>Turns the form that writes into a cache of a fixed length into the one that hands its cache on; all other nodes stay.</summary>
    /// <param name="graph">The graph, changed in place.</param>
    /// <param name="nameOf">For the key and value caches of a layer, counted from 0, the names of past and present.</param>
    /// <returns>Whether there was a cache of a fixed length.</returns>
    public static bool HandCachesOn(OnnxGraph graph, Func<int, (string PastKey, string PastValue, string PresentKey, string PresentValue)> nameOf)
    {
        int layer = 0;
        foreach (OnnxNode node in graph.Node.Where(Is).ToList())
        {
            if (!Has(node, Lengths) || Has(node, PastKey) || ScatterOf(graph, node.Input[Key]) is not { } key || ScatterOf(graph, node.Input[Value]) is not { } value)
                continue;

            (string PastKey, string PastValue, string PresentKey, string PresentValue) names = nameOf(layer++);
            Rename(graph, key, names.PastKey, names.PresentKey);
            Rename(graph, value, names.PastValue, names.PresentValue);
            string[] inputs = [node.Input[Query], key.Input[1], value.Input[1], node.Input[Mask], names.PastKey, names.PastValue];
            string[] outputs = [node.Output[0], names.PresentKey, names.PresentValue];
            node.Input.Clear();
            node.Input.AddRange(inputs);
            node.Output.Clear();
            node.Output.AddRange(outputs);
            graph.Node.Remove(key);
            graph.Node.Remove(value);
        }

        return layer > 0;
    }

    /// <summary>Why a node that hands its cache on cannot be given one of a slot, or null.</summary>
    /// <param name="node">The node.</param>
    /// <param name="graph">Its graph.</param>
    /// <param name="mask">The name of the request's mask.</param>
    /// <param name="causalMasks">Masks that do no more than to make the node causal.</param>
    public static string? FindObstacle(OnnxNode node, OnnxGraph graph, string mask, IReadOnlySet<string> causalMasks)
    {
        bool hasCausalMask = MaskOf(node) is { } own && causalMasks.Contains(own);
        if (Pasts(node).Count() < 2 || Presents(node).Count() < 2)
            return $"{GraphWalk.Describe(node)} has no KV cache";
        if (node.Output.Count > Scores && node.Output[Scores].Length > 0)
            return $"{GraphWalk.Describe(node)} also returns its scores";
        if (!hasCausalMask && IntegerOf(node, CausalKey) != 1)
            return $"{GraphWalk.Describe(node)} is not causal by itself";
        if (Heads(node) <= 0 || KvHeads(node) <= 0)
            return $"{GraphWalk.Describe(node)} takes its heads on an axis of their own";
        if (!hasCausalMask && Has(node, Mask) && !AllTrueMask.Is(graph, node.Input[Mask], mask))
            return $"{GraphWalk.Describe(node)} reads a mask that may hide entries of its own text";
        return Pasts(node).Concat(Presents(node)).Any(name => WidthOf(graph, name) <= 0) ? $"the cache of {GraphWalk.Describe(node)} has no known size" : null;
    }

    /// <summary>The elements of an entry of a cache, all heads together; 0 where the graph does not say.</summary>
    public static long WidthOf(OnnxGraph graph, string cache) => graph.Input.Concat(graph.Output).First(value => value.Name == cache).Type?.TensorType?.Shape?.Dim switch
    {
        [_, var heads, _, var size] => heads.DimValue * size.DimValue,
        [_, _, var width] => width.DimValue,
        _ => 0,
    };

    /// <summary>The nodes for one slot, which write its rows into its cache and attend to that.</summary>
    /// <param name="node">The node.</param>
    /// <param name="slot">The slot.</param>
    /// <param name="rows">Where its query, key and value rows come from.</param>
    /// <param name="output">Where its result goes.</param>
    /// <param name="isFirst">Whether it is the graph's first attention: it reckons for all where rows go and how many entries count.</param>
    public static IEnumerable<OnnxNode> OfSlot(OnnxNode node, int slot, Func<int, string> rows, string output, bool isFirst)
    {
        string prefix = SlotNames.Prefix(slot);
        string from = $"{prefix}first_entry", until = $"{prefix}entries";
        if (isFirst)
        {
            yield return Node("Cast", until, [SlotNames.Total(slot)], [until], ("to", OnnxElement.Int64));
            yield return Node("Shape", $"{from}/rows", [rows(Key)], [$"{from}/rows"], ("start", 1), ("end", 2));
            yield return Node("Sub", from, [until, $"{from}/rows"], [from]);
        }

        foreach ((int input, int past, int present) in new[] { (Key, PastKey, PresentKey), (Value, PastValue, PresentValue) })
            yield return Node("TensorScatter", $"{prefix}{node.Output[present]}", [prefix + node.Input[past], rows(input), from], [prefix + node.Output[present]], ("axis", 1));

        OnnxNode own = node.Clone();
        own.Name = prefix + node.Name;
        own.Input.Clear();
        own.Input.AddRange([rows(Query), prefix + node.Output[PresentKey], prefix + node.Output[PresentValue], "", "", "", until]);
        own.Output.Clear();
        own.Output.Add(output);

        // A mask that is left out may be what made it causal.
        if (own.Attribute.FirstOrDefault(attribute => attribute.Name == CausalKey) is { } causal)
            own.Attribute.Remove(causal);
        own.Attribute.Add(Number(CausalKey, 1));
        yield return own;
    }

    private static OnnxNode Node(string operation, string name, string[] inputs, string[] outputs, params (string Name, long Value)[] attributes)
    {
        var node = new OnnxNode { Name = name, OpType = operation };
        node.Input.AddRange(inputs);
        node.Output.AddRange(outputs);
        node.Attribute.AddRange(attributes.Select(attribute => Number(attribute.Name, attribute.Value)));
        return node;
    }

    private static OnnxAttribute Number(string name, long value) => new() { Name = name, I = value, Type = 2 };

    // Rows go in behind the entries there are: the axis of entries, of a cache that is an input of the graph.
    private static OnnxNode? ScatterOf(OnnxGraph graph, string value) => graph.Node.FirstOrDefault(node => node.OpType == "TensorScatter" && node.Output[0] == value) is { } scatter
        && scatter.Input.Count > 2
        && scatter.Attribute.All(attribute => attribute.Name != "mode" || attribute.S.ToStringUtf8() == "linear")
        && graph.Input.FirstOrDefault(input => input.Name == scatter.Input[0])?.Type?.TensorType?.Shape?.Dim.Count == 3
        && IntegerOf(scatter, "axis", -2) is 1 or -2
        && graph.Output.Any(output => output.Name == value)
        ? scatter
        : null;

    private static void Rename(OnnxGraph graph, OnnxNode scatter, string past, string present)
    {
        graph.Input.First(input => input.Name == scatter.Input[0]).Name = past;
        graph.Output.First(output => output.Name == scatter.Output[0]).Name = present;
    }

    private static long IntegerOf(OnnxNode node, string name, long otherwise = 0) => node.Attribute.FirstOrDefault(attribute => attribute.Name == name)?.I ?? otherwise;

    private static bool Has(OnnxNode node, int input) => node.Input.Count > input && node.Input[input].Length > 0;
}
