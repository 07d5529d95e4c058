namespace Minions.Core.Files;

/// <summary>The small text that Git puts in place of a large file which was not downloaded.</summary>
internal static class LfsPointer
{
    public const string Advice = "is a Git LFS pointer in place of the file itself: run 'git lfs pull' in its clone, or download the file";

    private static ReadOnlySpan<byte> Start => "version https://git-lfs.github.com/spec/"u8;

    public static bool IsContent(ReadOnlySpan<byte> content) => content.StartsWith(Start);

    /// <summary>Whether a file is one. A file that cannot be read is none.</summary>
    public static bool IsFile(string path)
    {
        try
        {
            using FileStream stream = File.OpenRead(path);
            Span<byte> content = stackalloc byte[Start.Length];
            return stream.ReadAtLeast(content, content.Length, throwOnEndOfStream: false) == content.Length && IsContent(content);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
