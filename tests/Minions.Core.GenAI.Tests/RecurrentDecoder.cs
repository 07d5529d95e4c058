using Minions.Core.OnnxRuntime.Graph;
using Minions.Core.Tests.OnnxRuntime.Synthetic;

namespace Minions.Core.GenAI.Tests;

/// <summary>A decoder that also hands on the states of a recurrent layer, as hybrid models do.</summary>
internal static class RecurrentDecoder
{
    public static OnnxModel Build(SyntheticOptions options)
    {
        OnnxModel model = SyntheticDecoder.Build(options);
        AddState(model, "conv_state", 2, 3);
        AddState(model, "recurrent_state", 2, 2, 2);
        return model;
    }

    private static void AddState(OnnxModel model, string kind, params long[] dimensions)
    {
        (string past, string present) = ($"past_key_values.0.{kind}", $"present.0.{kind}");
        model.Graph.Input.Add(Value(past, dimensions));
        model.Graph.Output.Add(Value(present, dimensions));
        model.Graph.Node.Add(new OnnxNode { Name = kind, OpType = "Identity", Input = { past }, Output = { present } });
    }

    private static OnnxValueInfo Value(string name, long[] dimensions) => new()
    {
        Name = name,
        Type = new OnnxType
        {
            TensorType = new OnnxTensorType
            {
                ElemType = OnnxElement.Float,
                Shape = new OnnxShape { Dim = { new OnnxDimension { DimParam = "batch_size" }, dimensions.Select(length => new OnnxDimension { DimValue = length }) } },
            },
        },
    };
}
