using System.Reflection;
using Minions.Packages.Tests.Commands;
using Minions.Packages.Tests.Packing;

namespace Minions.Packages.Tests.Projects;

/// <summary>Commands of pages, run outside of the repository where docs/aspnet.md says: beside the packages and a file that names them.</summary>
internal sealed class PageRun
{
    public PageRun()
    {
        string folder = Path.GetDirectoryName(PackedPackages.Folder)!;
        File.WriteAllText(Path.Combine(folder, "nuget.config"), new PageCode("docs", "aspnet.md").In("xml").Single());

        string machine = typeof(PageRun).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == "PackageFolder").Value!;
        Shell = new Shell(folder, new Dictionary<string, string>(Shell.Quiet)
        {
            // What is unpacked here goes with the folder; what the machine has unpacked before is used and not downloaded again.
            ["NUGET_PACKAGES"] = Path.Combine(folder, "unpacked"),
            ["NUGET_FALLBACK_PACKAGES"] = machine,
            // It asks the sources of the machine, and is no matter of this test.
            ["NuGetAudit"] = "false",
        });
    }

    public Shell Shell { get; }

    /// <summary>Runs commands of a page, with the versions that are tested in place of the newest.</summary>
    public async Task RunAsync(IEnumerable<string> commands, CancellationToken limit)
    {
        foreach (string command in commands)
            await Shell.RunAsync(WithVersion(command), limit);
    }

    public void WriteProgram(string text) => File.WriteAllText(Path.Combine(Shell.Folder, "Program.cs"), text);

    private static string WithVersion(string command)
    {
        const string Add = "dotnet add package ";
        if (!command.StartsWith(Add, StringComparison.Ordinal))
            return command;
        string id = command[Add.Length..].Split(' ')[0];
        bool own = id.StartsWith("Minions.", StringComparison.Ordinal);
        Assert.That(command.EndsWith(" --prerelease", StringComparison.Ordinal), Is.EqualTo(own), "only previews of Minions are published");
        return $"{Add}{id} --version {(own ? PackedPackages.Version : CentralVersions.Of(id))}";
    }
}
