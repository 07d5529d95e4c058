namespace Minions.Core.OnnxRuntime.Graph;

/// <summary>The nodes that normalise rows, those of com.microsoft that add two values before that (Skip...) included.</summary>
internal static class Normalisations
{
    // Of the operators of com.microsoft; a function of the model's own says where it gives the sum.
    private const int SumOutput = 3;

    public static bool Is(OnnxNode node) => node.OpType.EndsWith("LayerNormalization", StringComparison.Ordinal) || node.OpType == "RMSNormalization";

    /// <summary>The name of the weights, whose width is that of a row.</summary>
    public static string? Weight(OnnxNode node) => node.Input.ElementAtOrDefault(AddsFirst(node) ? 2 : 1);

    /// <summary>The inputs that are rows.</summary>
    public static IEnumerable<string> Rows(OnnxNode node) => node.Input.Take(AddsFirst(node) ? 2 : 1);

    /// <summary>What a node normalises: the sum where it adds first, which it then has as an output.</summary>
    /// <param name="node">The node; changed in place where it has left out the sum.</param>
    /// <param name="model">Its model.</param>
    /// <returns>The name of the value, or null where the node cannot give it.</returns>
    public static string? Normalised(OnnxNode node, OnnxModel model)
    {
        if (!AddsFirst(node))
            return node.Input[0];

        OnnxFunction? function = model.Functions.FirstOrDefault(function => function.Name == node.OpType && function.Domain == node.Domain);
        int sum = function is null ? SumOutput : SumOf(function);
        if (sum < 0)
            return null;

        while (node.Output.Count <= sum)
            node.Output.Add("");
        if (node.Output[sum].Length == 0)
            node.Output[sum] = $"{node.Output[0]}/sum";
        return node.Output[sum];
    }

    private static int SumOf(OnnxFunction function) =>
        function.Node.FirstOrDefault(node => node is { OpType: "Add", Input.Count: 2 } && function.Input.Take(2).All(node.Input.Contains)) is { } add
            ? function.Output.IndexOf(add.Output[0])
            : -1;

    private static bool AddsFirst(OnnxNode node) => node.OpType.StartsWith("Skip", StringComparison.Ordinal);
}
