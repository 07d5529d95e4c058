using Google.Protobuf;
using Minions.Core.Files;
using Minions.Core.OnnxRuntime.Graph;

namespace Minions.Core.OnnxRuntime.Heads;

/// <summary>
/// What the graph of a head calls its inputs and outputs, by the names that exporters use: what its configuration does not say can be told from
/// them.
/// </summary>
internal sealed class HeadGraph
{
    private readonly string _file;
    private readonly HashSet<string> _inputs;
    private readonly HashSet<string> _outputs;

    private HeadGraph(string file, OnnxGraph graph)
    {
        _file = file;
        _inputs = graph.Input.Select(input => input.Name).ToHashSet(StringComparer.Ordinal);

        // Old graphs list their weights as inputs too.
        _inputs.ExceptWith(graph.Initializer.Select(tensor => tensor.Name));
        _outputs = graph.Output.Select(output => output.Name).ToHashSet(StringComparer.Ordinal);
    }

    /// <exception cref="ModelLoadException">The file cannot be read.</exception>
    public static HeadGraph Read(string file)
    {
        try
        {
            using FileStream stream = File.OpenRead(file);
            return new HeadGraph(file, OnnxModel.Parser.ParseFrom(stream).Graph ?? new OnnxGraph());
        }
        catch (InvalidProtocolBufferException broken)
        {
            string advice = LfsPointer.IsFile(file) ? LfsPointer.Advice : "is truncated or not an ONNX file: copy or download it again";
            throw new ModelLoadException($"The head '{file}' {advice}.", file, broken);
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            throw new ModelLoadException($"The head '{file}' cannot be read: {unreadable.Message}", file, unreadable);
        }
    }

    /// <summary>An input by the name it is given, or else the first of the usual names that there is.</summary>
    /// <returns>The name, or <see langword="null"/> where none of the usual ones is there.</returns>
    /// <exception cref="ModelLoadException">The given name is not there.</exception>
    public string? Input(string? given, params ReadOnlySpan<string> usual) => Find(_inputs, "input", given, usual);

    /// <summary>The same for outputs.</summary>
    public string? Output(string? given, params ReadOnlySpan<string> usual) => Find(_outputs, "output", given, usual);

    /// <summary>An input without which it is no head.</summary>
    public string RequiredInput(string? given, params ReadOnlySpan<string> usual) => Input(given, usual) ?? throw Missing("input", _inputs, usual);

    /// <summary>An output without which it is no head.</summary>
    public string RequiredOutput(string? given, params ReadOnlySpan<string> usual) => Output(given, usual) ?? throw Missing("output", _outputs, usual);

    /// <summary>How many layers have a cache.</summary>
    /// <param name="pastKey">The name of a layer's cache of keys.</param>
    public int Layers(Func<int, string> pastKey)
    {
        int layers = 0;
        while (_inputs.Contains(pastKey(layers)))
            layers++;
        return layers;
    }

    /// <exception cref="ModelLoadException">It has inputs beside the known ones.</exception>
    public void RefuseOtherInputs(IEnumerable<string?> known)
    {
        string[] others = [.. _inputs.Except(known.OfType<string>(), StringComparer.Ordinal)];
        if (others.Length > 0)
        {
            throw new ModelLoadException(
                $"The head '{_file}' cannot be run: it wants {List(others)} beside ids or their embeddings, the target's states, a mask, positions and a KV cache a layer. "
                + "States that are carried from run to run cannot be taken back when a guess is rejected. Take a head whose layers attend, or correct the names and the number of layers.",
                _file);
        }
    }

    private string? Find(HashSet<string> names, string kind, string? given, ReadOnlySpan<string> usual)
    {
        if (given is not null)
            return names.Contains(given) ? given : throw new ModelLoadException($"The head '{_file}' has no {kind} '{given}', which its configuration names; it has {List(names)}.", _file);
        foreach (string name in usual)
        {
            if (names.Contains(name))
                return name;
        }

        return null;
    }

    private ModelLoadException Missing(string kind, HashSet<string> names, ReadOnlySpan<string> usual) => new(
        $"'{_file}' is no head this library knows: it has no {kind} {string.Join(" or ", usual.ToArray().Select(name => $"'{name}'"))}; it has {List(names)}. "
        + $"Name it in '{HeadConfiguration.FileName}' where it is called something else.",
        _file);

    private static string List(IEnumerable<string> names) => string.Join(", ", names.Order(StringComparer.Ordinal).Select(name => $"'{name}'"));
}
