namespace Minions.Core.OnnxRuntime.Sessions;

/// <summary>
/// Whether the managed and the native part of ONNX Runtime belong together. They are packages of their own, and the loader takes the first native
/// library that it finds, which on Windows can be the system's own, years old.
/// </summary>
internal static class RuntimeVersions
{
    /// <summary>Why the two are refused, or <see langword="null"/> where they have the same major and minor version: patches keep the interface.</summary>
    /// <param name="managed">The version of the managed assembly.</param>
    /// <param name="native">What the native library calls itself, such as <c>1.31.0</c> or <c>1.32.0-dev</c>.</param>
    public static string? FindMismatch(Version managed, string native)
    {
        if (Parse(native) is { } parsed && parsed.Major == managed.Major && parsed.Minor == managed.Minor)
            return null;

        return $"the native library of ONNX Runtime has version {native}, and its managed part (Microsoft.ML.OnnxRuntime.Managed) {managed.ToString(3)}: they must have "
            + $"the same major and minor version. Reference native packages (Microsoft.ML.OnnxRuntime or Microsoft.ML.OnnxRuntime.Gpu) of version {managed.ToString(2)}, "
            + "and remove other copies of the library from the application's folder";
    }

    // A version of a build that was never released goes on with a dash or a plus sign.
    private static Version? Parse(string text) => Version.TryParse(text.Split('-', '+')[0], out Version? version) ? version : null;
}
