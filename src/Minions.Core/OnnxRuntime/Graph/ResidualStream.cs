using Minions.Core.OnnxRuntime.Folder;

namespace Minions.Core.OnnxRuntime.Graph;

/// <summary>
/// The rows that the layers of a decoder add to, between two layers. No name tells them: a layer is found by its cache, and the way back from its
/// query leads through the projection to what was normalised for it.
/// </summary>
internal sealed class ResidualStream
{
    private static readonly HashSet<string> GivesSizes = new(StringComparer.Ordinal) { "Shape", "Size", "ConstantOfShape" };

    private readonly OnnxModel _model;
    private readonly ModelFolder _folder;
    private readonly OnnxNode? _final;
    private readonly int? _width;
    private readonly ConstantValues _constants;
    private readonly ValueTypes _types;

    /// <param name="model">The model; a node that has left out the sum which is asked for gets it as an output.</param>
    /// <param name="folder">What the inputs are called.</param>
    /// <param name="final">The final normalisation, whose width tells whole rows from a head's; null where it is not known.</param>
    public ResidualStream(OnnxModel model, ModelFolder folder, OnnxNode? final)
    {
        _model = model;
        _folder = folder;
        _final = final;
        _constants = new ConstantValues(model.Graph);
        _types = new ValueTypes(model.Graph);
        _width = final is null ? null : _types.OfNormalised(final)?.Width;
    }

    /// <summary>The rows that a layer starts from, or null where they are not found.</summary>
    /// <param name="layer">The layer, from 0; one more than there are is what the final normalisation reads.</param>
    public string? Before(int layer)
    {
        if (layer == _folder.LayerCount)
            return _final is null ? null : Normalisations.Normalised(_final, _model);

        string past = _folder.Names.PastKey(layer);
        if (_model.Graph.Node.FirstOrDefault(node => !GivesSizes.Contains(node.OpType) && node.Input.Contains(past)) is not { } reader)
            return null;

        // Where keys are concatenated the new ones lead back as well as a query does.
        IEnumerable<string> rows = reader.Input.Where((name, input) => name != past && (input == 0 || reader.OpType == "Concat"));
        if (Follow(rows) is not { } end)
            return null;
        if (Normalisations.Is(end.Node) && end.Value == end.Node.Output[0])
            return Normalisations.Normalised(end.Node, _model);

        return end.Node.OpType == "Add" ? end.Value : Scaled(end.Value);
    }

    // Normalisations of queries stand between projection and attention, or have another width. What counts is the last one behind a projection: all
    // else that leads there comes earlier in the graph.
    private (OnnxNode Node, string Value)? Follow(IEnumerable<string> rows)
    {
        var before = rows.ToHashSet(StringComparer.Ordinal);
        var behind = new HashSet<string>(StringComparer.Ordinal);
        foreach (OnnxNode node in _model.Graph.Node.Reverse().Where(node => !GivesSizes.Contains(node.OpType)))
        {
            if (node.Output.FirstOrDefault(output => behind.Contains(output) && IsEnd(node, output)) is { } found)
                return (node, found);

            bool isProjection = IsProjection(node), isBefore = node.Output.Any(before.Contains);
            if (node.Output.Any(behind.Contains) || (isBefore && isProjection))
                behind.UnionWith(Computed(node));
            if (isBefore && !isProjection)
                before.UnionWith(Computed(node));
        }

        return null;
    }

    // Rows of a table, with all that is done to them before the layer and the stream read them both.
    private string Scaled(string value)
    {
        while (_model.Graph.Node.Where(node => node.Input.Contains(value) && !GivesSizes.Contains(node.OpType)).ToList() is [{ Output.Count: 1 } only] && !IsProjection(only))
            value = only.Output[0];
        return value;
    }

    private IEnumerable<string> Computed(OnnxNode node) => node.Input.Where(input => input.Length > 0 && !_constants.Contains(input));

    private bool IsEnd(OnnxNode node, string value)
    {
        if (Normalisations.Is(node))
            return value != node.Output[0] || _width is null || _types.OfNormalised(node)?.Width is not { } own || own == _width;

        // Where nothing is normalised: a sum of two things that the run computes, or rows taken by the ids.
        return (node.OpType == "Add" && !node.Input.Any(_constants.Contains))
            || (node.OpType is "Gather" or "GatherBlockQuantized" && _constants.Contains(node.Input[0]));
    }

    private bool IsProjection(OnnxNode node) =>
        (node.OpType.Contains("MatMul", StringComparison.Ordinal) || node.OpType is "Gemm" or "Conv") && node.Input.Any(_constants.Contains);
}
