namespace Minions.Core.Files;

/// <summary>A file that is about to be opened.</summary>
/// <param name="Path">Its full path.</param>
/// <param name="Bytes">Its size.</param>
internal readonly record struct FileOpening(string Path, long Bytes)
{
    /// <summary>Looks at a file; links are followed.</summary>
    public static FileOpening Of(string path) => new(System.IO.Path.GetFullPath(path), new FileInfo(RealPath.Of(path)) is { Exists: true } file ? file.Length : 0);
}
