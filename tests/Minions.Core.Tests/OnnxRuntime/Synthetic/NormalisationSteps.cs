using Minions.Core.OnnxRuntime.Graph;

namespace Minions.Core.Tests.OnnxRuntime.Synthetic;

/// <summary>Changes of a synthetic decoder's graph around its normalisations.</summary>
internal static class NormalisationSteps
{
    /// <summary>Writes every normalisation as the single operators that exports without fused ones have.</summary>
    public static void TakeApart(OnnxGraph graph)
    {
        foreach (OnnxNode norm in graph.Node.Where(Normalisations.Is).ToList())
        {
            string value = norm.Input[0], name = norm.Output[0];
            OnnxNode[] steps =
            [
                Step("ReduceMean", $"{name}/mean", [value], GraphBuilder.Attribute("axes", [-1L])),
                Step("Sub", $"{name}/centred", [value, $"{name}/mean"]),
                Step("Mul", $"{name}/squared", [$"{name}/centred", $"{name}/centred"]),
                Step("ReduceMean", $"{name}/variance", [$"{name}/squared"], GraphBuilder.Attribute("axes", [-1L])),
                Step("Sqrt", $"{name}/deviation", [$"{name}/variance"]),
                Step("Div", $"{name}/normalised", [$"{name}/centred", $"{name}/deviation"]),
                Step("Mul", name, [$"{name}/normalised", norm.Input[1]]),
            ];
            int at = graph.Node.IndexOf(norm);
            graph.Node.RemoveAt(at);
            foreach (OnnxNode step in steps)
                graph.Node.Insert(at++, step);
        }
    }

    /// <summary>Puts a node behind another, whose readers read its result in place of the other's.</summary>
    public static void PutBehind(OnnxGraph graph, OnnxNode producer, string result, OnnxNode node)
    {
        foreach (OnnxNode reader in graph.Node)
        {
            for (int input = 0; input < reader.Input.Count; input++)
            {
                if (reader.Input[input] == producer.Output[0])
                    reader.Input[input] = result;
            }
        }

        node.Name = result;
        node.Output.Add(result);
        graph.Node.Insert(graph.Node.IndexOf(producer) + 1, node);
    }

    private static OnnxNode Step(string op, string name, string[] inputs, params OnnxAttribute[] attributes) =>
        new() { Name = name, OpType = op, Input = { inputs }, Output = { name }, Attribute = { attributes } };
}
