using Minions.Core.OnnxRuntime.Graph;
using static Minions.Core.Tests.OnnxRuntime.Synthetic.GraphBuilder;

namespace Minions.Core.Tests.OnnxRuntime.Synthetic;

/// <summary>GroupQueryAttention with packed QKV and rotary positions, its lengths computed from the mask as the GenAI builder does.</summary>
internal sealed class GroupQueryLayer : ISyntheticAttention
{
    private readonly GraphBuilder _graph;
    private readonly int _cacheType;
    private readonly string[] _tail;

    public GroupQueryLayer(GraphBuilder graph, SyntheticOptions options, string mask, string? positions)
    {
        _graph = graph;
        _cacheType = options.HalfCache ? OnnxElement.Float16 : OnnxElement.Float;

        string counted = _graph.Node("ReduceSum", [_graph.Cast(mask, OnnxElement.Int64), _graph.Longs("axis1", [1], 1)], Attribute("keepdims", 0L));
        string seqlens = _graph.Cast(_graph.Node("Sub", [counted, _graph.Longs("one.vector", [1], 1)]), OnnxElement.Int32);
        string total = _graph.Cast(_graph.Node("Gather", [_graph.Node("Shape", [mask]), _graph.Longs("one.int64", [], 1)]), OnnxElement.Int32);
        _tail = [seqlens, total, Rotary("cos", MathF.Cos, options.ContextLength), Rotary("sin", MathF.Sin, options.ContextLength),
            .. positions is null ? (string[])[] : [_graph.Cast(positions, OnnxElement.Int64)]];
    }

    public string Add(int layer, string rows)
    {
        string packed = _graph.Node("MatMul", [rows, _graph.Weights($"qkv.{layer}", SyntheticOptions.Hidden, 3 * SyntheticOptions.Hidden)]);
        string output = $"attention.{layer}", key = $"present.{layer}.key", value = $"present.{layer}.value";
        _graph.NodeTo(
            [output, key, value],
            "GroupQueryAttention",
            [_graph.Cast(packed, _cacheType), "", "", Past(layer, "key"), Past(layer, "value"), .. _tail],
            Attribute("num_heads", SyntheticOptions.Heads), Attribute("kv_num_heads", SyntheticOptions.Heads), Attribute("do_rotary", 1L));
        foreach (string present in new[] { key, value })
            _graph.Output(present, _cacheType, CacheShape("total_sequence_length"));
        return _graph.Node(
            "MatMul", [_graph.Cast(output, OnnxElement.Float), _graph.Weights($"out.{layer}", SyntheticOptions.Hidden, SyntheticOptions.Hidden)]);
    }

    private string Past(int layer, string kind) =>
        _graph.Input($"past_key_values.{layer}.{kind}", _cacheType, CacheShape("past_sequence_length"));

    private string Rotary(string name, Func<float, float> wave, int length)
    {
        const int Pairs = SyntheticOptions.HeadSize / 2;
        float[] values = [.. Enumerable.Range(0, length * Pairs).Select(at => wave(at / Pairs * MathF.Pow(10000, -(at % Pairs) / (float)Pairs)))];
        return _graph.Cast(_graph.Floats(name, [length, Pairs], values), _cacheType);
    }
}
