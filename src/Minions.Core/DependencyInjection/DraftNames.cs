using Minions.Core.OnnxRuntime;

namespace Minions.Core.DependencyInjection;

/// <summary>
/// What drafts from folders are called: the name they were given, else as much of the end of their path as no other draft shares. Two files of
/// one folder are told apart by the file.
/// </summary>
internal static class DraftNames
{
    /// <returns>A name for each draft, in their order. Equal only where the same name was given, or the same model named, twice.</returns>
    public static string[] Of(IReadOnlyList<OnnxModelOptions> drafts)
    {
        DraftPath[] paths = [.. drafts.Select(DraftPath.Of)];
        return [.. drafts.Select((draft, i) => draft.Name ?? Shortest(paths[i], [.. paths.Where((path, other) => drafts[other].Name is null && !path.IsSame(paths[i]))]))];
    }

    private static string Shortest(DraftPath path, DraftPath[] rivals)
    {
        bool withFile = Array.Exists(rivals, rival => rival.Folder.SequenceEqual(path.Folder));
        string[] parts = path.Parts(withFile);
        int count = withFile ? 2 : 1;
        while (count < parts.Length && Array.Exists(rivals, rival => rival.Parts(withFile).TakeLast(count).SequenceEqual(parts.TakeLast(count))))
            count++;
        return string.Join('/', parts.TakeLast(count));
    }

    /// <summary>Where a draft lies.</summary>
    /// <param name="Folder">The parts of its folder's path.</param>
    /// <param name="File">The file that was named, without its extension; empty where none was.</param>
    private sealed record DraftPath(string[] Folder, string File)
    {
        public static DraftPath Of(OnnxModelOptions draft) => new(
            Path.GetFullPath(draft.Folder).Split([Path.DirectorySeparatorChar, Path.AltDirectorySeparatorChar], StringSplitOptions.RemoveEmptyEntries),
            Path.GetFileNameWithoutExtension(draft.ModelFile ?? ""));

        public bool IsSame(DraftPath other) => File == other.File && Folder.SequenceEqual(other.Folder);

        public string[] Parts(bool withFile) => withFile ? [.. Folder, File] : Folder;
    }
}
