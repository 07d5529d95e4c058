using Microsoft.Extensions.Logging;
using Minions.Core.Files;

namespace Minions.Core.OnnxRuntime.Folder;

/// <summary>
/// Which ONNX file of a folder is the model: the one that the options name, else the one of the configuration, else the usual name, else the
/// only one there is.
/// </summary>
/// <param name="folder">The full path of the model folder.</param>
/// <param name="named">The file that the options name, or <see langword="null"/>.</param>
/// <param name="logger">Hears when the only file there is was taken.</param>
internal sealed partial class ModelFileChoice(string folder, string? named, ILogger logger)
{
    private const string Option = "ModelFile";

    // Exports with several precisions lie one or two folders deep; a search without a bound could walk a whole disk.
    private const int SearchedFolders = 3;
    private const int ListedFiles = 12;

    /// <param name="configured">The file that the configuration names, or <see langword="null"/>.</param>
    /// <param name="usual">The names that are taken where nothing names a file, in their order.</param>
    /// <returns>The full path of a file that exists.</returns>
    /// <exception cref="ModelLoadException">There is none, or it cannot be told which.</exception>
    public string Find(string? configured, params ReadOnlySpan<string> usual)
    {
        if (named is not null)
            return Existing(named, $"named by the option {Option}");
        if (configured is not null)
            return Existing(configured, "named by the configuration");

        foreach (string name in usual)
        {
            if (PathFault.IsTaken(Path.Combine(folder, name)))
                return Existing(name, "the usual name");
        }

        string[] candidates = Candidates();
        if (candidates.Length == 1)
        {
            TakenAsOnly(logger, candidates[0], folder, Option);
            return Existing(candidates[0], "the only one");
        }

        throw candidates.Length == 0
            ? new ModelLoadException(
                $"The model folder '{folder}' has no '{usual[0]}' and no other ONNX file: complete the download, or name the file by the option {Option}.", Path.Combine(folder, usual[0]))
            : new ModelLoadException(
                $"The model folder '{folder}' has no '{usual[0]}' but {candidates.Length} other ONNX files: choose one by the option {Option}. There are {List(candidates)}.", folder);
    }

    private string Existing(string name, string origin)
    {
        string path = Path.GetFullPath(Path.Combine(folder, name));
        if (PathFault.OfFile(path) is not { } fault)
            return path;

        string[] others = [.. Candidates().Where(candidate => candidate != name)];
        string choice = others.Length == 0 ? "" : $" The folder holds {List(others)}: one of them can be chosen by the option {Option}.";
        string advice = fault.EndsWith("does not exist", StringComparison.Ordinal) ? $": complete the download of '{folder}', or correct the name" : "";
        throw new ModelLoadException($"The model file ({origin}) cannot be used: {fault}{advice}.{choice}", path);
    }

    private string[] Candidates()
    {
        var search = new EnumerationOptions { RecurseSubdirectories = true, MaxRecursionDepth = SearchedFolders, IgnoreInaccessible = true };
        return [.. Directory.EnumerateFiles(folder, "*.onnx", search).Select(file => Path.GetRelativePath(folder, file)).Order(StringComparer.Ordinal)];
    }

    private static string List(string[] files)
    {
        string shown = string.Join(", ", files.Take(ListedFiles).Select(file => $"'{file}'"));
        return files.Length > ListedFiles ? $"{shown} and {files.Length - ListedFiles} more" : shown;
    }

    [LoggerMessage(24, LogLevel.Information, "'{File}', the only ONNX file of '{Folder}', is taken as the model; the option {Option} chooses another.")]
    private static partial void TakenAsOnly(ILogger logger, string file, string folder, string option);
}
