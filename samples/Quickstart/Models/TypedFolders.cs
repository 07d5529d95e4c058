using System.Text.RegularExpressions;
using Microsoft.Extensions.Options;
using Minions.Core;
using Minions.Core.OnnxRuntime;
using Minions.Extensions.AI.Templates;
using Quickstart.CommandLine;

namespace Quickstart.Models;

/// <summary>Knows which argument brought which model folder, so that a fault can be told in the user's own words.</summary>
internal sealed partial class TypedFolders
{
    private readonly List<(string Argument, string Typed)> _folders = [];
    private readonly Arguments _arguments;

    public TypedFolders(Arguments arguments)
    {
        if (arguments.Target is { } target)
            _folders.Add(("--target", target));
        _folders.AddRange(arguments.Heads.Select(head => ("--head", head)));
        _folders.AddRange(arguments.Drafts.Select(draft => ("--draft", draft)));
        _arguments = arguments;
    }

    /// <summary>Finds what can be told without opening a file.</summary>
    /// <exception cref="BadInputException">A folder does not exist, or two drafts or heads could not be told apart.</exception>
    public void Check()
    {
        foreach ((string argument, string typed) in _folders)
        {
            if (string.IsNullOrWhiteSpace(typed))
                throw new BadInputException($"{argument}: the folder's name is empty.");
            if (File.Exists(typed))
                throw new BadInputException($"{argument} {typed}: this is a file. Name the folder it lies in.");
            if (!Directory.Exists(typed))
                throw new BadInputException($"{argument} {typed}: there is no such folder ('{Path.GetFullPath(typed)}').");
        }

        IGrouping<string, (string Argument, string Typed)>? alike = _folders.Where(folder => folder.Argument != "--target")
            .GroupBy(folder => NameOf(folder.Typed), StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1);
        if (alike is not null)
            throw new BadInputException($"{string.Join(", ", alike.Select(folder => $"{folder.Argument} {folder.Typed}"))}: the folders have the same name, '{alike.Key}', by which drafts are told apart. Give each draft once, in a folder with a name of its own.");
    }

    /// <summary>Says which argument the fault belongs to, in front of what the library says.</summary>
    public string Describe(ModelLoadException fault)
    {
        if (fault.Message.Contains("on CUDA", StringComparison.OrdinalIgnoreCase) && CudaArgument(FolderOf(fault.Message, fault.Path ?? "")) is { } argument)
            return $"{argument} cuda: {fault.Message}";

        return Describe(fault.Message, fault.Path ?? "");
    }

    /// <summary>The same for a fault of the target's chat template.</summary>
    public string Describe(ChatTemplateException fault) =>
        $"{(_arguments.Target is { } target ? $"--target {target}: " : "")}{fault.Message.TrimEnd('.')}.";

    // What asked for CUDA for the model at fault. Of an embedded model the folder was not typed, and only one of the two can be meant, or both.
    private string? CudaArgument((string? Argument, string Typed) folder)
    {
        string? target = Asking(_arguments.TargetProvider, "--target-provider");
        string? draft = Asking(_arguments.DraftProvider, "--draft-provider");
        return folder.Argument switch
        {
            "--target" => target,
            null => target ?? draft,
            _ => draft,
        };
    }

    private string? Asking(ExecutionProvider? own, string argument) =>
        (own ?? _arguments.Provider) != ExecutionProvider.Cuda ? null : own is null ? "--provider" : argument;

    /// <summary>The same for the faults that the pipeline's options have, in one line, each argument named once.</summary>
    public string Describe(OptionsValidationException fault)
    {
        string told = "";
        var faults = new List<string>();
        foreach (string failure in fault.Failures)
        {
            // The member that a failure begins with says nothing to somebody who typed an argument.
            string message = OptionsMember().Replace(failure, "");
            string described = Describe(message, "");
            string argument = described[..^message.Length];
            faults.Add(argument == told ? message : described);
            told = argument;
        }

        return string.Join(' ', faults);
    }

    private string Describe(string message, string path)
    {
        (string? argument, string typed) = FolderOf(message, path);
        return argument is null ? message : $"{argument} {typed}: {message}";
    }

    private (string? Argument, string Typed) FolderOf(string message, string path) => _folders
        .Where(folder => Mentions(path, folder.Typed) || Mentions(message, folder.Typed))
        .OrderByDescending(folder => Mentions(path, folder.Typed)).ThenByDescending(folder => Path.GetFullPath(folder.Typed).Length)
        .FirstOrDefault();

    [GeneratedRegex(@"^MinionsOptions[\w.\[\]]+: ", RegexOptions.CultureInvariant)]
    private static partial Regex OptionsMember();

    private static bool Mentions(string text, string typed) =>
        text.Contains(typed, StringComparison.Ordinal) || text.Contains(Path.TrimEndingDirectorySeparator(Path.GetFullPath(typed)), StringComparison.Ordinal);

    private static string NameOf(string folder) => Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)));
}
