namespace Minions.Core.Files;

/// <summary>
/// Where a path leads when every link on the way is followed, those of its folders included. The framework resolves the last part only, and
/// takes a relative target from the written folder instead of the real one.
/// </summary>
internal static class RealPath
{
    // As many as Linux follows.
    private const int MaxLinks = 40;

    /// <summary>Follows all links. What does not exist is left as it is written.</summary>
    /// <exception cref="IOException">The links lead in a circle, or one cannot be read.</exception>
    public static string Of(string path)
    {
        string full = Path.GetFullPath(path);
        string done = Path.GetPathRoot(full)!;
        var rest = new Stack<string>();
        Push(full[done.Length..]);
        int links = 0;
        while (rest.TryPop(out string? part))
        {
            if (part == "..")
            {
                done = Path.GetDirectoryName(done) ?? done;
                continue;
            }

            string next = Path.Combine(done, part);
            if (new FileInfo(next).LinkTarget is not { } target)
            {
                done = next;
                continue;
            }

            if (++links > MaxLinks)
                throw new IOException($"The link '{path}' leads in a circle.");
            if (Path.IsPathRooted(target))
                done = Path.GetPathRoot(target)!;
            Push(Path.IsPathRooted(target) ? target[done.Length..] : target);
        }

        return done;

        void Push(string parts)
        {
            foreach (string part in parts.Split(Path.DirectorySeparatorChar, Path.AltDirectorySeparatorChar).Reverse())
            {
                if (part is not ("" or "."))
                    rest.Push(part);
            }
        }
    }
}
