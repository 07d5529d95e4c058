using Minions.Core.OnnxRuntime.Graph;
using static Minions.Core.Tests.OnnxRuntime.Synthetic.GraphBuilder;

namespace Minions.Core.Tests.OnnxRuntime.Synthetic;

/// <summary>GroupQueryAttention with packed QKV and rotary positions, its lengths computed from the mask as the GenAI builder does.</summary>
internal sealed class GroupQueryLayer : ISyntheticAttention
{
    private readonly GraphBuilder _graph;
    private readonly SyntheticOptions _options;
    private readonly int _cacheType;
    private readonly string[] _lengths;
    private readonly string[] _positions;
    private readonly string _isLong;

    public GroupQueryLayer(GraphBuilder graph, SyntheticOptions options, string mask, string? positions)
    {
        _graph = graph;
        _options = options;
        _cacheType = options.HalfCache ? OnnxElement.Float16 : OnnxElement.Float;

        string counted = _graph.Node("ReduceSum", [_graph.Cast(mask, OnnxElement.Int64), _graph.Longs("axis1", [1], 1)], Attribute("keepdims", 0L));
        string seqlens = _graph.Cast(_graph.Node("Sub", [counted, _graph.Longs("one.vector", [1], 1)]), OnnxElement.Int32);
        string total = _graph.Cast(_graph.Node("Gather", [_graph.Node("Shape", [mask]), _graph.Longs("one.int64", [], 1)]), OnnxElement.Int32);
        _lengths = [seqlens, total];
        _isLong = options.LongestShortText == 0 ? "" : _graph.Node("Greater", [total, _graph.Cast(_graph.Longs("switch", [], options.LongestShortText), OnnxElement.Int32)]);
        _positions = positions is null ? [] : [_graph.Cast(positions, OnnxElement.Int64)];
    }

    public string Add(int layer, string rows)
    {
        bool isUneven = _options.UnevenLayers && layer % 2 == 1;
        int headSize = isUneven ? 2 * SyntheticOptions.HeadSize : SyntheticOptions.HeadSize;
        int kvHeads = isUneven ? 1 : SyntheticOptions.Heads;
        int width = SyntheticOptions.Heads * headSize;
        string packed = _graph.Node("MatMul", [rows, _graph.Weights($"qkv.{layer}", SyntheticOptions.Hidden, width + (2 * kvHeads * headSize))]);
        string output = $"attention.{layer}", key = $"present.{layer}.key", value = $"present.{layer}.value";
        _graph.NodeTo(
            [output, key, value],
            "GroupQueryAttention",
            [_graph.Cast(packed, _cacheType), "", "", Past("key"), Past("value"), .. _lengths, .. Rotary(), .. _positions],
            [Attribute("num_heads", SyntheticOptions.Heads), Attribute("kv_num_heads", kvHeads), Attribute("do_rotary", 1L), .. WindowOf(layer)]);
        foreach (string present in new[] { key, value })
            _graph.Output(present, _cacheType, CacheShape("total_sequence_length", kvHeads, headSize));
        return _graph.Node("MatMul", [_graph.Cast(output, OnnxElement.Float), _graph.Weights($"out.{layer}", width, SyntheticOptions.Hidden)]);

        string Past(string kind) =>
            _graph.Input($"past_key_values.{layer}.{kind}", _cacheType, CacheShape("past_sequence_length", kvHeads, headSize));

        string[] Rotary()
        {
            int positions = _options.RotaryPositions > 0 ? _options.RotaryPositions : _options.ContextLength;
            if (_isLong.Length == 0)
                return [_graph.Cast(Table("cos", MathF.Cos, positions, 1), _cacheType), _graph.Cast(Table("sin", MathF.Sin, positions, 1), _cacheType)];

            int ofShort = Math.Min(_options.LongestShortText, positions);
            return _graph.Nodes(
                "If",
                [_isLong],
                2,
                Branch("then_branch", Table("cos.long", MathF.Cos, positions, 4), Table("sin.long", MathF.Sin, positions, 4)),
                Branch("else_branch", Table("cos", MathF.Cos, ofShort, 1), Table("sin", MathF.Sin, ofShort, 1)));
        }

        string Table(string name, Func<float, float> wave, int positions, float factor)
        {
            int pairs = headSize / 2;
            float[] values = [.. Enumerable.Range(0, positions * pairs)
                .Select(at => wave(at / pairs / factor * MathF.Pow(10000, -(at % pairs) / (float)pairs)))];
            return _graph.Floats($"{name}.{headSize}", [positions, pairs], values);
        }
    }

    private OnnxAttribute[] WindowOf(int layer) =>
    [
        .. _options.Window != 0 && layer % 2 == 0 ? [Attribute("local_window_size", _options.Window)] : (OnnxAttribute[])[],
        .. _options.SlidingCache && layer % 2 == 0 ? [Attribute("sliding_window_cache", 1L)] : (OnnxAttribute[])[],
    ];
}
