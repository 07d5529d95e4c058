using System.Globalization;
using Minions.Core.OnnxRuntime.Graph;
using static Minions.Core.Tests.OnnxRuntime.Synthetic.GraphBuilder;

namespace Minions.Core.Tests.OnnxRuntime.Synthetic;

/// <summary>
/// Builds tiny but complete decoders (embedding, normalised attention with a KV cache, a small feed-forward part, logits) whose weights are
/// random and always the same.
/// </summary>
internal sealed class SyntheticDecoder
{
    private const int Hidden = SyntheticOptions.Hidden;
    private readonly GraphBuilder _graph = new();
    private readonly SyntheticOptions _options;
    private readonly string _ids;
    private readonly string _mask;
    private readonly string? _positions;

    private SyntheticDecoder(SyntheticOptions options)
    {
        _options = options;
        int idType = options.Int32Ids ? OnnxElement.Int32 : OnnxElement.Int64;
        _ids = _graph.Input("input_ids", idType, "batch_size", "sequence_length");
        _mask = _graph.Input("attention_mask", idType, "batch_size", "total_sequence_length");
        _positions = !options.GroupQuery || options.ExplicitPositions ? _graph.Input("position_ids", idType, "batch_size", "sequence_length") : null;
    }

    public static OnnxModel Build(SyntheticOptions options)
    {
        var decoder = new SyntheticDecoder(options);
        decoder.Add();
        return decoder._graph.Build();
    }

    private void Add()
    {
        string rows = _graph.Node("Gather", [_graph.Weights("embedding", SyntheticOptions.Vocabulary, Hidden), _ids]);
        if (!_options.GroupQuery)
            rows = _graph.Node("Add", [rows, _graph.Node("Gather", [_graph.Weights("positions", _options.ContextLength, Hidden), _positions!])]);

        ISyntheticAttention attention = _options.GroupQuery
            ? new GroupQueryLayer(_graph, _options, _mask, _positions)
            : new ConcatenatedLayer(_graph, _options, _ids, _mask);
        for (int layer = 0; layer < _options.Layers; layer++)
        {
            rows = _graph.Node("Add", [rows, attention.Add(layer, Normalise(rows))]);
            rows = _graph.Node("Add", [rows, FeedForward(layer, Normalise(rows))]);
        }

        if (_options.LastRowOnly)
            rows = _graph.Node("Slice", [rows, _graph.Longs("last", [1], -1), _graph.Longs("end", [1], int.MaxValue), _graph.Longs("axis1", [1], 1)]);
        rows = _graph.Node("MatMul", [Normalise(rows), _graph.Weights("head", Hidden, SyntheticOptions.Vocabulary)]);

        int element = _options.LogitsElement;
        _graph.NodeTo([_options.LogitsName], "Cast", [rows], Attribute("to", element));
        _graph.Output(
            _options.LogitsName, element, "batch_size", _options.LastRowOnly ? "1" : "sequence_length", SyntheticOptions.Vocabulary.ToString(CultureInfo.InvariantCulture));
    }

    private string Normalise(string rows) => _graph.Node(
        "LayerNormalization",
        [rows, _graph.Floats("norm.scale", [Hidden], [.. Enumerable.Repeat(1f, Hidden)]), _graph.Floats("norm.bias", [Hidden], new float[Hidden])],
        Attribute("axis", -1L));

    private string FeedForward(int layer, string rows)
    {
        string up = _options.DynamicQuantization
            ? QuantizedUp(layer, rows)
            : _graph.Node("MatMul", [rows, _graph.Weights($"up.{layer}", Hidden, 2 * Hidden)]);
        return _graph.Node("MatMul", [_graph.Node("Tanh", [up]), _graph.Weights($"down.{layer}", 2 * Hidden, Hidden)]);
    }

    private string QuantizedUp(int layer, string rows)
    {
        string[] quantized = _graph.Nodes("DynamicQuantizeLinear", [rows], 3);
        byte[] weights = [.. Enumerable.Range(0, Hidden * 2 * Hidden).Select(at => (byte)(((at * 37) + (layer * 11)) % 251))];
        string product = _graph.Node("MatMulInteger", [quantized[0], _graph.Bytes($"up.{layer}", [Hidden, 2 * Hidden], weights), quantized[2], _graph.Bytes("zero", [], 125)]);
        string scale = _graph.Node("Mul", [quantized[1], _graph.Floats("scale", [], 1 / 250f)]);
        return _graph.Node("Mul", [_graph.Cast(product, OnnxElement.Float), scale]);
    }
}
