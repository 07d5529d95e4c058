using System.Globalization;
using Minions.Core.Files;

namespace Minions.Core.OnnxRuntime.Graph;

/// <summary>
/// The files beside a graph that hold its weights. ONNX Runtime opens none that lies outside of the model's folder once links are followed,
/// which is how download caches keep all files; so links are followed here, and the graph then names the files where they are. A graph that by
/// itself names a file outside of its folder is refused.
/// </summary>
internal static class ExternalData
{
    private const string Location = "location";

    /// <summary>Finds and checks the files, and names them in the graph by where links lead.</summary>
    /// <param name="model">The graph; its locations change where one is a link out of the folder.</param>
    /// <param name="modelFile">The file that it was read from.</param>
    /// <returns>The folder that the locations are relative to, whether the graph was changed, and the files.</returns>
    /// <exception cref="ModelLoadException">A file is missing, too short or not allowed.</exception>
    public static (string Folder, bool IsLinked, IReadOnlyList<string> Files) Locate(OnnxModel model, string modelFile)
    {
        string folder = Path.GetDirectoryName(Path.GetFullPath(modelFile))!;
        OnnxTensor[] tensors = [.. Tensors(model).Where(tensor => tensor.ExternalData.Count > 0)];
        var files = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (OnnxTensor tensor in tensors)
        {
            string location = Entry(tensor, Location)?.Value ?? "";
            if (!files.TryGetValue(location, out string? file))
                files.Add(location, file = Find(location, folder, modelFile));
            CheckLength(tensor, file, modelFile);
        }

        string realFolder = RealPath.Of(folder);
        if (files.All(file => file.Value == Path.GetFullPath(Path.Combine(realFolder, file.Key))))
            return (folder, false, [.. files.Values]);

        string shared = SharedFolder([.. files.Values], modelFile);
        foreach (OnnxTensor tensor in tensors)
        {
            OnnxEntry location = Entry(tensor, Location)!;
            location.Value = Path.GetRelativePath(shared, files[location.Value]).Replace(Path.DirectorySeparatorChar, '/');
        }

        return (shared, true, [.. files.Values]);
    }

    private static string Find(string location, string folder, string modelFile)
    {
        string path = Path.GetFullPath(Path.Combine(folder, location));
        if (location.Length == 0 || Path.IsPathRooted(location) || !LiesBelow(path, folder))
            throw new ModelLoadException(
                $"The model file '{modelFile}' wants weights from '{location}', outside of its folder, which is refused: put the data beside the model, or export it again.", modelFile);
        if (PathFault.OfFile(path) is { } fault)
            throw new ModelLoadException($"The weights of '{modelFile}' cannot be read: {fault}. Complete the download of '{folder}'.", path);
        return RealPath.Of(path);
    }

    // A root ends with the separator already.
    private static bool LiesBelow(string file, string folder) =>
        file.StartsWith(Path.EndsInDirectorySeparator(folder) ? folder : folder + Path.DirectorySeparatorChar, StringComparison.Ordinal);

    private static void CheckLength(OnnxTensor tensor, string file, string modelFile)
    {
        long end = Number(tensor, "offset") + Number(tensor, "length");
        long length = new FileInfo(file).Length;
        if (end > length)
            throw new ModelLoadException(
                $"'{file}' ends after {length} bytes, but '{tensor.Name}' of '{modelFile}' lies up to byte {end}: it is cut off, or not the file of this model. Download it again.", file);
    }

    private static string SharedFolder(string[] files, string modelFile)
    {
        string shared = Path.GetDirectoryName(files[0])!;
        while (files.Any(file => !LiesBelow(file, shared)))
        {
            shared = Path.GetDirectoryName(shared)
                ?? throw new ModelLoadException($"The weights of '{modelFile}' are links to several drives: put the files themselves beside the model.", modelFile);
        }

        return shared;
    }

    private static IEnumerable<OnnxTensor> Tensors(OnnxModel model)
    {
        OnnxNode[] nodes = [.. GraphWalk.AllNodes(model.Graph.Node.Concat(model.Functions.SelectMany(function => function.Node)))];
        return model.Graph.Initializer
            .Concat(nodes.SelectMany(GraphWalk.Subgraphs).SelectMany(graph => graph.Initializer))
            .Concat(nodes.SelectMany(node => node.Attribute).Where(attribute => attribute.T is not null).Select(attribute => attribute.T));
    }

    private static OnnxEntry? Entry(OnnxTensor tensor, string key) => tensor.ExternalData.FirstOrDefault(entry => entry.Key == key);

    private static long Number(OnnxTensor tensor, string key) =>
        long.TryParse(Entry(tensor, key)?.Value, NumberStyles.None, CultureInfo.InvariantCulture, out long number) ? number : 0;
}
