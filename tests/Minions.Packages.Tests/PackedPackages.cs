using System.Reflection;
using Minions.Packages.Tests.Commands;

namespace Minions.Packages.Tests;

/// <summary>Packs everything once, for all tests of this namespace and those below it, into a folder outside of the repository.</summary>
[SetUpFixture]
internal sealed class PackedPackages
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(8);
    private static TemporaryFolder? _work;

    /// <summary>One that nobody else has: NuGet would take an unpacked package of the same version for the one packed now.</summary>
    public static string Version { get; } = $"0.1.0-test.x{Guid.NewGuid():N}";

    /// <summary>The packages.</summary>
    public static string Folder => Path.Combine(_work!.Path, "packages");

    [OneTimeSetUp]
    public async Task PackAsync()
    {
        _work = new TemporaryFolder();
        string configuration = typeof(PackedPackages).Assembly.GetCustomAttribute<AssemblyConfigurationAttribute>()!.Configuration;
        using var limit = new CancellationTokenSource(Limit);
        // What is built already, with nothing written beside it: other tests use those folders at the same time.
        await ChildProcess.RunAsync(
            RepositoryFiles.PathOf(),
            [
                "dotnet", "pack", "nuget/pack.proj", "-c", configuration, "--no-build", "-v", "quiet",
                $"-p:Version={Version}", $"-p:PackageOutputPath={Folder}", $"-p:NuspecOutputPath={Path.Combine(_work.Path, "nuspec")}/",
            ],
            Shell.Quiet,
            limit.Token);
    }

    [OneTimeTearDown]
    public void Remove() => _work?.Dispose();
}
