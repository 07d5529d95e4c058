namespace Minions.Core.OnnxRuntime.Graph;

/// <summary>
/// The attention operator of com.microsoft that holds all knowledge of a request's length; see its inputs and outputs by number in ONNX
/// Runtime's ContribOperators.md.
/// </summary>
internal static class GroupQueryAttention
{
    private const int Key = 1;
    private const int Value = 2;
    private const int PastKey = 3;
    private const int PastValue = 4;
    private const int SeqLens = 5;
    private const int Total = 6;
    private const int PositionIds = 9;
    private const int AttentionBias = 10;
    private const int PresentKey = 1;

    public static bool Is(OnnxNode node) => node.OpType == "GroupQueryAttention";

    public static long Heads(OnnxNode node) => node.Attribute.FirstOrDefault(attribute => attribute.Name == "num_heads")?.I ?? 0;

    public static IEnumerable<string> Pasts(OnnxNode node) => [node.Input[PastKey], node.Input[PastValue]];

    public static IEnumerable<string> Presents(OnnxNode node) => [node.Output[PresentKey], node.Output[PresentKey + 1]];

    /// <summary>Why a node cannot be given its own cache and lengths, or null.</summary>
    public static string? FindObstacle(OnnxNode node, OnnxGraph graph)
    {
        if (node.Input.Count <= Total || node.Output.Count <= PresentKey + 1)
            return $"{GraphWalk.Describe(node)} has no KV cache or lengths";
        if (Has(node, AttentionBias))
            return $"{GraphWalk.Describe(node)} reads an attention bias, whose columns belong to one request";
        if (Has(node, Key) != Has(node, Value))
            return $"{GraphWalk.Describe(node)} has a key without a value";
        if (node.Output.Skip(PresentKey + 2).Any(output => output.Length > 0))
            return $"{GraphWalk.Describe(node)} also returns its scores";

        foreach (string past in Pasts(node))
        {
            if (graph.Input.All(input => input.Name != past))
                return $"the past of {GraphWalk.Describe(node)} is not an input of the graph";
            if (graph.Node.SelectMany(GraphWalk.Reads).Count(name => name == past) > 1)
                return $"the input '{past}' is read by more than {GraphWalk.Describe(node)}";
        }

        foreach (string present in Presents(node))
        {
            if (graph.Output.All(output => output.Name != present))
                return $"the present of {GraphWalk.Describe(node)} is not an output of the graph";
            if (graph.Node.SelectMany(GraphWalk.Reads).Contains(present))
                return $"'{present}' is read inside the graph";
        }

        return null;
    }

    /// <summary>The nodes that stand in for one: one a slot, between a Split of its rows and a Concat.</summary>
    public static IEnumerable<OnnxNode> Split(OnnxNode node, int slots)
    {
        string output = node.Output[0];
        var attentions = Enumerable.Range(0, slots).Select(slot => OfSlot(node, slot)).ToList();
        if (slots == 1)
        {
            attentions[0].Output[0] = output;
            return attentions;
        }

        var splits = new List<OnnxNode>();
        foreach (int input in new[] { 0, Key, Value, PositionIds }.Where(input => Has(node, input)))
        {
            var split = new OnnxNode { Name = $"{node.Name}/split{input}", OpType = "Split", Attribute = { Axis() } };
            split.Input.AddRange([node.Input[input], SlotNames.Lengths]);
            for (int slot = 0; slot < slots; slot++)
            {
                attentions[slot].Input[input] = $"{SlotNames.Prefix(slot)}{output}/in{input}";
                split.Output.Add(attentions[slot].Input[input]);
            }

            splits.Add(split);
        }

        var concat = new OnnxNode { Name = $"{node.Name}/join", OpType = "Concat", Attribute = { Axis() }, Output = { output } };
        concat.Input.AddRange(attentions.Select(attention => attention.Output[0]));
        return [.. splits, .. attentions, concat];
    }

    private static OnnxNode OfSlot(OnnxNode node, int slot)
    {
        string prefix = SlotNames.Prefix(slot);
        OnnxNode own = node.Clone();
        own.Name = prefix + node.Name;
        own.Input[PastKey] = prefix + node.Input[PastKey];
        own.Input[PastValue] = prefix + node.Input[PastValue];
        own.Input[SeqLens] = SlotNames.SeqLens(slot);
        own.Input[Total] = SlotNames.Total(slot);
        for (int output = 0; output < own.Output.Count; output++)
            own.Output[output] = node.Output[output].Length > 0 ? prefix + node.Output[output] : "";
        return own;
    }

    // Rows are the second axis: [1, rows, width].
    private static OnnxAttribute Axis() => new() { Name = "axis", I = 1, Type = 2 };

    private static bool Has(OnnxNode node, int input) => node.Input.Count > input && node.Input[input].Length > 0;
}
