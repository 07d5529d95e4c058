using Minions.Core.OnnxRuntime.Graph;
using static Minions.Core.Tests.OnnxRuntime.Synthetic.GraphBuilder;

namespace Minions.Core.Tests.OnnxRuntime.Synthetic;

/// <summary>Causal attention made of MatMul and Softmax as Optimum writes it: present is past and new ids concatenated, a tensor of its own.</summary>
internal sealed class ConcatenatedLayer : ISyntheticAttention
{
    private readonly GraphBuilder _graph;
    private readonly SyntheticOptions _options;
    private readonly int _cacheType;
    private readonly string _visible;

    public ConcatenatedLayer(GraphBuilder graph, SyntheticOptions options, string ids, string mask)
    {
        _graph = graph;
        _options = options;
        _cacheType = options.HalfCache ? OnnxElement.Float16 : OnnxElement.Float;
        _visible = Visible(ids, mask);
    }

    public string Add(int layer, string rows)
    {
        bool isUneven = _options.UnevenLayers && layer % 2 == 1;
        int heads = isUneven ? 1 : SyntheticOptions.Heads;
        int valueSize = SyntheticOptions.Hidden / heads;
        int keySize = isUneven ? valueSize - 8 : valueSize;
        string query = Heads(rows, $"query.{layer}", heads, keySize);
        string key = Cache("key", layer, Heads(rows, $"key.{layer}", heads, keySize), heads, keySize);
        string value = Cache("value", layer, Heads(rows, $"value.{layer}", heads, valueSize), heads, valueSize);

        string scores = _graph.Node("MatMul", [query, _graph.Node("Transpose", [key], Attribute("perm", 0L, 1, 3, 2))]);
        scores = _graph.Node("Mul", [scores, _graph.Floats("head.scale", [], 1 / MathF.Sqrt(SyntheticOptions.HeadSize))]);
        scores = _graph.Node("Where", [_visible, scores, _graph.Floats("hidden", [], -1e9f)]);
        string mixed = _graph.Node("MatMul", [_graph.Node("Softmax", [scores], Attribute("axis", -1L)), value]);
        string merged = _graph.Node(
            "Reshape", [_graph.Node("Transpose", [mixed], Attribute("perm", 0L, 2, 1, 3)), _graph.Longs("merged", [3], 0, 0, SyntheticOptions.Hidden)]);
        return _graph.Node("MatMul", [merged, _graph.Weights($"out.{layer}", SyntheticOptions.Hidden, SyntheticOptions.Hidden)]);
    }

    // [1, rows, hidden] to [1, heads, rows, head size].
    private string Heads(string rows, string weights, int heads, int size)
    {
        string projected = _graph.Node("MatMul", [rows, _graph.Weights(weights, SyntheticOptions.Hidden, heads * size)]);
        string split = _graph.Node("Reshape", [projected, _graph.Longs($"split.{heads}.{size}", [4], 0, 0, heads, size)]);
        return _graph.Node("Transpose", [split], Attribute("perm", 0L, 2, 1, 3));
    }

    private string Cache(string kind, int layer, string fresh, int heads, int size)
    {
        string past = _graph.Input($"past_key_values.{layer}.{kind}", _cacheType, CacheShape("past_sequence_length", heads, size));
        string present = $"present.{layer}.{kind}";
        _graph.NodeTo([present], "Concat", [past, _graph.Cast(fresh, _cacheType)], Attribute("axis", 2L));
        _graph.Output(present, _cacheType, CacheShape("total_sequence_length", heads, size));
        return _graph.Cast(present, OnnxElement.Float);
    }

    /// <summary>[1, 1, rows, total]: a row sees what the mask shows up to its own position.</summary>
    private string Visible(string ids, string mask)
    {
        string zero = _graph.Longs("zero.int64", [], 0), one = _graph.Longs("one.int64", [], 1), axis0 = _graph.Longs("axis0", [1], 0), axis1 = _graph.Longs("axis1", [1], 1);
        string total = _graph.Node("Gather", [_graph.Node("Shape", [mask]), one]);
        string past = _graph.Node("Sub", [total, _graph.Node("Gather", [_graph.Node("Shape", [ids]), one])]);
        string columns = _graph.Node("Unsqueeze", [_graph.Node("Range", [zero, total, one]), axis0]);
        string rows = _graph.Node("Unsqueeze", [_graph.Node("Range", [past, total, one]), axis1]);
        string shown = _graph.Node("Unsqueeze", [_graph.Cast(mask, OnnxElement.Bool), _graph.Longs("axes12", [2], 1, 2)]);
        return _graph.Node("And", [_graph.Node("LessOrEqual", [columns, rows]), shown]);
    }
}
