using System.Globalization;
using Minions.Core.OnnxRuntime.Folder;

namespace Minions.Core.OnnxRuntime.Graph;

/// <summary>
/// Makes states of a decoder outputs of its graph, for heads that read them. A state is <see cref="Final"/>, what the head matrix reads; "layer:N",
/// the residual stream behind layer N (from 0); or the name of an output, or of any value that the graph computes.
/// </summary>
internal sealed class StateOutputs
{
    /// <summary>The state behind the final normalisation.</summary>
    public const string Final = "final";

    private const string OfLayer = "layer:";
    private const int MostSuggestions = 6;

    private readonly OnnxGraph _graph;
    private readonly ModelFolder _folder;
    private readonly HeadTail? _tail;
    private readonly Lazy<ResidualStream> _stream;
    private readonly HashSet<string> _notStates;

    private StateOutputs(OnnxModel model, ModelFolder folder)
    {
        _graph = model.Graph;
        _folder = folder;
        _tail = HeadTail.FindInFile(_graph, folder.Names.Logits);
        _stream = new Lazy<ResidualStream>(() => new ResidualStream(model, folder, _tail?.Normalisation));
        _notStates =
        [
            folder.Names.Logits,
            .. Enumerable.Range(0, folder.LayerCount).SelectMany(layer => new[] { folder.Names.PresentKey(layer), folder.Names.PresentValue(layer) }),
        ];
    }

    /// <summary>Makes states outputs of a graph, where they are not yet.</summary>
    /// <param name="model">The model, changed in place.</param>
    /// <param name="folder">What the inputs and outputs are called.</param>
    /// <param name="wanted">The states.</param>
    /// <returns>The states in the order asked for, and whether the graph was changed.</returns>
    /// <exception cref="ModelLoadException">A state is not there, is asked for twice, or is no row of floating point numbers for each id.</exception>
    public static (IReadOnlyList<StateOutput> States, bool IsChanged) Expose(OnnxModel model, ModelFolder folder, IReadOnlyList<string> wanted)
    {
        if (wanted.Count == 0)
            return ([], false);

        var outputs = new StateOutputs(model, folder);
        int before = model.Graph.Output.Count;
        var states = new List<StateOutput>(wanted.Count);
        foreach (string name in wanted)
        {
            StateOutput state = outputs.Describe(name, outputs.Find(name));
            if (states.Exists(other => other.Name == name))
                throw outputs.Fault(name, "it is asked for twice: name each state once");
            states.Add(state);
        }

        foreach (StateOutput state in states.DistinctBy(state => state.Tensor))
            outputs.Add(state);
        return (states, model.Graph.Output.Count > before);
    }

    private string Find(string name)
    {
        if (name == Final)
        {
            return _tail?.State ?? throw Fault(
                name, "what stands between the final normalisation and the logits is not understood: name the tensor that the head matrix reads instead");
        }

        if (name.StartsWith(OfLayer, StringComparison.Ordinal))
            return BehindLayer(name);
        if (_notStates.Contains(name))
            throw Fault(name, $"it is no state but {(name == _folder.Names.Logits ? "the logits" : "a KV cache")}: {Advice(name)}");
        if (_graph.Node.Any(node => node.Output.Contains(name)))
            return name;

        throw Fault(
            name,
            _graph.Input.Any(input => input.Name == name) || _graph.Initializer.Any(tensor => tensor.Name == name)
                ? $"it is an input or a weight, no value that the graph computes: {Advice(name)}"
                : $"the graph computes no value of this name: {Advice(name)}");
    }

    private string BehindLayer(string name)
    {
        if (!int.TryParse(name.AsSpan(OfLayer.Length), NumberStyles.None, CultureInfo.InvariantCulture, out int layer) || layer >= _folder.LayerCount)
            throw Fault(name, $"the layers are {Layers}: correct the number");

        return _stream.Value.Before(layer + 1) ?? throw Fault(
            name,
            layer == _folder.LayerCount - 1
                ? "the final normalisation behind the last layer, or what it reads, is not found: name the tensor instead"
                : $"no way leads from the attention that reads '{_folder.Names.PastKey(layer + 1)}' back to the rows that layer {layer} ends in: name the tensor instead");
    }

    private StateOutput Describe(string name, string tensor)
    {
        var types = new ValueTypes(_graph);
        if (types.Stated(tensor)?.Shape?.Dim is { } dimensions && dimensions is not [_, { HasDimValue: false }, _])
        {
            string shape = string.Join(", ", dimensions.Select(dimension => dimension.HasDimValue ? dimension.DimValue.ToString(CultureInfo.InvariantCulture) : dimension.DimParam));
            throw Fault(name, $"'{tensor}' is [{shape}], where [batch, rows, width] with a row for each id is expected: {Advice(name)}");
        }

        bool isOfLayer = name == Final || name.StartsWith(OfLayer, StringComparison.Ordinal);
        (int element, int width) = isOfLayer ? types.OfResidual(tensor, _tail?.Normalisation) : types.Of(tensor);
        if (element > 0 && !ValueTypes.IsReal(element))
            throw Fault(name, $"'{tensor}' has elements of the type number {element}, where float32, float16 or bfloat16 is expected: {Advice(name)}");

        return element > 0 && width > 0
            ? new StateOutput(name, tensor, element, width)
            : throw Fault(name, $"neither the graph nor the weight of a normalisation tells the width and element type of '{tensor}': export the model with shapes, or {Advice(name)}");
    }

    private void Add(StateOutput state)
    {
        if (_graph.Output.Any(output => output.Name == state.Tensor))
            return;

        _graph.Output.Add(ValueTypes.Rows(state.Tensor, state.ElementType, state.Width, _graph, _folder.Names.InputIds));
        if (_graph.ValueInfo.FirstOrDefault(info => info.Name == state.Tensor) is { } stated)
            _graph.ValueInfo.Remove(stated);
    }

    private string Layers => $"{OfLayer}0 to {OfLayer}{(_folder.LayerCount - 1).ToString(CultureInfo.InvariantCulture)}";

    // Outputs that are there for this purpose first, then what is called most alike.
    private string Advice(string name)
    {
        IEnumerable<string> outputs = _graph.Output.Select(output => output.Name).Where(output => !_notStates.Contains(output));
        IEnumerable<string> normalised = _graph.Node.Where(Normalisations.Is).Select(node => node.Output[0]).OrderByDescending(value => value.AsSpan().CommonPrefixLength(name));
        string suggestions = string.Join(", ", outputs.Concat(normalised).Distinct().Where(value => value != name).Take(MostSuggestions).Select(value => $"'{value}'"));
        return $"name '{Final}', {Layers}{(suggestions.Length > 0 ? $", or a tensor such as {suggestions}" : "")}";
    }

    private ModelLoadException Fault(string name, string fault) => new($"The model '{_folder.ModelFile}' cannot give the state '{name}': {fault}.", _folder.ModelFile);
}
