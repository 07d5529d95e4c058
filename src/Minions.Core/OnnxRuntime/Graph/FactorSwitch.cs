using Minions.Core.OnnxRuntime.Folder;

namespace Minions.Core.OnnxRuntime.Graph;

/// <summary>
/// Rotary factors that depend on how long the text is (LongRoPE): up to a length a graph turns keys and queries by one table, beyond it all of them
/// by another. In the file a run chooses by its own total length, so that keys of a text that comes in pieces would be turned differently from those
/// of the same text at once. Here the choice is an input, and whoever runs a text says for each run which table the text needs.
/// </summary>
/// <param name="Length">The longest text that takes the factors of short ones; <see cref="int.MaxValue"/> where none in the context takes others.</param>
/// <param name="LongCondition">The value of the graph's condition for longer texts.</param>
internal sealed record FactorSwitch(int Length, bool LongCondition)
{
    /// <summary>The input that takes the condition: bool of one element.</summary>
    public const string Input = "minions.long_factors";

    /// <summary>The graph's condition for a text.</summary>
    public bool ConditionFor(bool isLong) => isLong == LongCondition;

    /// <summary>Finds the branches that choose factors by the length of the text and has them read the condition from <see cref="Input"/>.</summary>
    /// <param name="model">The model, changed in place where there is a switch.</param>
    /// <param name="folder">What the inputs are called, and the context.</param>
    /// <returns>The switch, or null where the graph has none or one that is not understood.</returns>
    public static FactorSwitch? Expose(OnnxModel model, ModelFolder folder)
    {
        OnnxGraph graph = model.Graph;
        var constants = new ConstantValues(graph);
        var branches = graph.Node.Where(node => node.OpType == "If" && !constants.Contains(node.Input[0]) && constants.HoldsIn(node)).ToList();
        FactorSwitch? found = null;
        foreach (string condition in branches.Select(node => node.Input[0]).Distinct(StringComparer.Ordinal))
        {
            if (LengthCondition.FindSwitch(model, folder, condition) is not { } one || (found is not null && one != found))
                return null;
            found = one;
        }

        if (found is null)
            return null;

        foreach (OnnxNode node in branches)
            node.Input[0] = Input;
        graph.Input.Add(new OnnxValueInfo
        {
            Name = Input,
            Type = new OnnxType
            {
                TensorType = new OnnxTensorType { ElemType = OnnxElement.Bool, Shape = new OnnxShape { Dim = { new OnnxDimension { DimValue = 1 } } } },
            },
        });
        return found;
    }

    /// <summary>The branch of an exposed node that a text takes.</summary>
    public OnnxGraph? BranchOf(OnnxNode node, bool isLong)
    {
        string name = ConditionFor(isLong) ? "then_branch" : "else_branch";
        return node.Attribute.FirstOrDefault(attribute => attribute.Name == name)?.G;
    }
}
