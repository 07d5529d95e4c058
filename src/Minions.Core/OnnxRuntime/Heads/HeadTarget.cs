namespace Minions.Core.OnnxRuntime.Heads;

/// <summary>The target that a head guesses for, as far as it may borrow of its files.</summary>
/// <param name="Folder">The target's folder.</param>
/// <param name="ModelFile">The ONNX file, relative to the folder, or <see langword="null"/> where the folder may say.</param>
internal sealed record HeadTarget(string Folder, string? ModelFile)
{
    /// <summary>The target that a head names itself: this one, with the file that is in use of it, where the folders are the same.</summary>
    public static HeadTarget? Choose(string? named, HeadTarget? used)
    {
        if (named is null || used is null)
            return named is null ? used : new HeadTarget(named, null);
        return IsSame(named, used.Folder) ? used : new HeadTarget(named, null);
    }

    /// <summary>Whether two paths name one folder, as far as their texts tell.</summary>
    public static bool IsSame(string one, string other) =>
        Path.TrimEndingDirectorySeparator(Path.GetFullPath(one)) == Path.TrimEndingDirectorySeparator(Path.GetFullPath(other));
}
