namespace NativeAot.Tests;

/// <summary>The linker of the platform, which the SDK of .NET does not bring.</summary>
internal static class NativeLinker
{
    /// <summary>Why nothing can be compiled to native code here, or null.</summary>
    public static string? Lack()
    {
        string[] linkers = OperatingSystem.IsWindows() ? ["link.exe"] : OperatingSystem.IsMacOS() ? ["clang"] : ["clang", "gcc"];
        string[] folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        return linkers.Any(linker => folders.Any(folder => File.Exists(Path.Combine(folder, linker))))
            ? null
            : $"Native AOT needs {string.Join(" or ", linkers)}, and PATH has none.";
    }
}
