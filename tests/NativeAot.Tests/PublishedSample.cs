using System.Diagnostics;
using System.Runtime.InteropServices;

namespace NativeAot.Tests;

/// <summary>The sample, published with Native AOT into a folder of its own, so that no build beside it is disturbed; gone with this object.</summary>
internal sealed class PublishedSample : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Folder => Path.Combine(_folder.Path, "published");

    /// <summary>The files beside the program, and itself.</summary>
    public IReadOnlyList<string> Files => [.. Directory.EnumerateFiles(Folder).Select(file => Path.GetFileName(file))];

    /// <summary>Publishes; warnings are errors, those of packages and of the linker too.</summary>
    /// <returns>What the SDK said.</returns>
    public Task<ProgramRun> PublishAsync()
    {
        var start = new ProcessStartInfo(
            Environment.ProcessPath is { } path && Path.GetFileNameWithoutExtension(path) == "dotnet" ? path : "dotnet",
            [
                "publish", RepositoryFiles.PathOf("samples", "NativeAot"), "-c", "Release", "-r", RuntimeInformation.RuntimeIdentifier, "-o", Folder,
                // Everything between goes here too: a publication in place would rewrite what the restore of the solution left.
                "--artifacts-path", Path.Combine(_folder.Path, "artifacts"),
                // Each warning for itself, not one for an assembly.
                "-warnaserror", "-p:TrimmerSingleWarn=false",
                // The build of the solution has analyzed the code; and no server stays behind.
                "-p:RunAnalyzers=false", "-p:UseSharedCompilation=false", "-nodeReuse:false",
            ]);

        // What runs the tests sets these for itself; a build of its own has to find its own.
        foreach (string name in start.Environment.Keys.Where(name => name.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase)).ToArray())
            start.Environment.Remove(name);
        return ProgramRun.OfAsync(start);
    }

    /// <summary>Runs the program, from another folder than its own.</summary>
    public Task<ProgramRun> RunAsync(params string[] args) =>
        ProgramRun.OfAsync(new ProcessStartInfo(Path.Combine(Folder, OperatingSystem.IsWindows() ? "NativeAot.exe" : "NativeAot"), args) { WorkingDirectory = _folder.Path });

    public void Dispose() => _folder.Dispose();
}
