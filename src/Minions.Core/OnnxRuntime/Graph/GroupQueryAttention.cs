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
    public static string? FindObstacle(OnnxNode node)
    {
        if (node.Input.Count <= Total || node.Output.Count <= PresentKey + 1)
            return $"{GraphWalk.Describe(node)} has no KV cache or lengths";
        if (Has(node, AttentionBias))
            return $"{GraphWalk.Describe(node)} reads an attention bias, whose columns belong to one request";
        if (Has(node, Key) != Has(node, Value))
            return $"{GraphWalk.Describe(node)} has a key without a value";
        if (node.Output.Skip(PresentKey + 2).Any(output => output.Length > 0))
            return $"{GraphWalk.Describe(node)} also returns its scores";

        return null;
    }

    /// <summary>The inputs that have a row a row of the run.</summary>
    public static IEnumerable<int> InputsByRow(OnnxNode node) => new[] { 0, Key, Value, PositionIds }.Where(input => Has(node, input));

    /// <summary>The node for one slot.</summary>
    /// <param name="node">The original.</param>
    /// <param name="slot">The slot.</param>
    /// <param name="rows">Where its rows of an input come from.</param>
    /// <param name="output">Where its result goes.</param>
    public static OnnxNode OfSlot(OnnxNode node, int slot, Func<int, string> rows, string output)
    {
        string prefix = SlotNames.Prefix(slot);
        OnnxNode own = node.Clone();
        own.Name = prefix + node.Name;
        own.Input[PastKey] = prefix + node.Input[PastKey];
        own.Input[PastValue] = prefix + node.Input[PastValue];
        own.Input[SeqLens] = SlotNames.SeqLens(slot);
        own.Input[Total] = SlotNames.Total(slot);
        foreach (int input in InputsByRow(node))
            own.Input[input] = rows(input);
        own.Output[0] = output;
        for (int present = PresentKey; present < own.Output.Count; present++)
            own.Output[present] = node.Output[present].Length > 0 ? prefix + node.Output[present] : "";
        return own;
    }

    private static bool Has(OnnxNode node, int input) => node.Input.Count > input && node.Input[input].Length > 0;
}
