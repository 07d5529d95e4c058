namespace Minions.Core.Files;

/// <summary>What keeps a path from being what is expected there, told by the path, the cause and what to do.</summary>
internal static class PathFault
{
    /// <summary>Why there is no file, or <see langword="null"/> where there is one.</summary>
    public static string? OfFile(string path)
    {
        // A link that leads nowhere exists for the framework.
        if (OfLink(path) is { } link)
            return link;
        if (!File.Exists(path))
            return Directory.Exists(path) ? $"'{path}' is a folder where a file belongs" : $"'{path}' does not exist";
        return LfsPointer.IsFile(path) ? $"'{path}' {LfsPointer.Advice}" : null;
    }

    /// <summary>Where a link leads to nothing, or <see langword="null"/> where nothing like that stands in the way.</summary>
    public static string? OfLink(string path)
    {
        try
        {
            string real = RealPath.Of(path);
            bool leadsNowhere = IsLink(path) && !Path.Exists(real);
            return leadsNowhere ? $"'{path}' is a link to '{real}', which does not exist: complete the download, or correct the link" : null;
        }
        catch (IOException)
        {
            return $"'{path}' is a link that leads in a circle: correct the link";
        }
    }

    /// <summary>Whether something stands there, be it a link that leads nowhere.</summary>
    public static bool IsTaken(string path) => Path.Exists(path) || IsLink(path);

    private static bool IsLink(string path) => new FileInfo(Path.TrimEndingDirectorySeparator(path)).LinkTarget is not null;
}
