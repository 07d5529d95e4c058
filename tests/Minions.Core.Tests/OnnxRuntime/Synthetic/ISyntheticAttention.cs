namespace Minions.Core.Tests.OnnxRuntime.Synthetic;

/// <summary>One way to attend: adds the KV inputs and outputs of a layer to the graph, and the nodes between.</summary>
internal interface ISyntheticAttention
{
    string Add(int layer, string rows);
}
