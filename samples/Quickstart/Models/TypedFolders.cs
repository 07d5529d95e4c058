using System.Text.RegularExpressions;
using Microsoft.Extensions.Options;
using Minions.Core;
using Minions.Core.OnnxRuntime;
using Quickstart.CommandLine;

namespace Quickstart.Models;

/// <summary>Knows which argument brought which model folder, so that a fault can be told in the user's own words.</summary>
internal sealed partial class TypedFolders
{
    private readonly List<(string Argument, string Typed)> _folders = [];
    private readonly ExecutionProvider? _provider;

    public TypedFolders(Arguments arguments)
    {
        if (arguments.Target is { } target)
            _folders.Add(("--target", target));
        _folders.AddRange(arguments.Heads.Select(head => ("--head", head)));
        _folders.AddRange(arguments.Drafts.Select(draft => ("--draft", draft)));
        _provider = arguments.Provider;
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
        if (_provider == ExecutionProvider.Cuda && fault.Message.Contains("on CUDA", StringComparison.OrdinalIgnoreCase))
            return $"--provider cuda: {fault.Message}";

        return Describe(fault.Message, fault.Path ?? "");
    }

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
        (string Argument, string Typed) found = _folders
            .Where(folder => Mentions(path, folder.Typed) || Mentions(message, folder.Typed))
            .OrderByDescending(folder => Mentions(path, folder.Typed)).ThenByDescending(folder => Path.GetFullPath(folder.Typed).Length)
            .FirstOrDefault();
        return found.Argument is null ? message : $"{found.Argument} {found.Typed}: {message}";
    }

    [GeneratedRegex(@"^MinionsOptions: [\w.\[\]]+: ", RegexOptions.CultureInvariant)]
    private static partial Regex OptionsMember();

    private static bool Mentions(string text, string typed) =>
        text.Contains(typed, StringComparison.Ordinal) || text.Contains(Path.TrimEndingDirectorySeparator(Path.GetFullPath(typed)), StringComparison.Ordinal);

    private static string NameOf(string folder) => Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)));
}
