using System.Xml.Linq;
using Minions.Core.OnnxRuntime.Sessions;

namespace Minions.Core.Tests.Packaging;

/// <summary>Facts of the packages that can be read from their projects; nothing is packed here.</summary>
internal sealed class PackageTests
{
    private static readonly string Root = Path.GetFullPath(Path.Combine(RepositoryFiles.Models, "..", ".."));

    [Test]
    public void The_library_brings_no_native_runtime() =>
        Assert.That(References(Path.Combine(Root, "src", "Minions.Core", "Minions.Core.csproj")), Does.Contain("Microsoft.ML.OnnxRuntime.Managed").And.Not.Contain("Microsoft.ML.OnnxRuntime"));

    [Test]
    public void The_cpu_package_brings_the_native_runtime_of_the_cpu() =>
        Assert.That(References(Path.Combine(Root, "nuget", "Minions.Core.Cpu", "Minions.Core.Cpu.csproj")), Is.EqualTo(new[] { "Microsoft.ML.OnnxRuntime" }));

    [Test]
    public void The_cuda_package_brings_the_native_runtimes_of_nvidia()
    {
        XDocument nuspec = XDocument.Load(Path.Combine(Root, "nuget", "Minions.Core.Cuda", "Minions.Core.Cuda.nuspec"));

        Assert.That(
            nuspec.Descendants().Where(element => element.Name.LocalName == "dependency").Select(element => (string?)element.Attribute("id")),
            Is.EqualTo(new[] { "Minions.Core", "Microsoft.ML.OnnxRuntime.Gpu", "Microsoft.ML.OnnxRuntimeGenAI.Cuda" }));
    }

    [Test]
    public void The_libraries_for_the_gpu_are_of_the_managed_part_s_major_and_minor_version()
    {
        XDocument pinned = XDocument.Load(Path.Combine(Root, "Directory.Packages.props"));
        string native = pinned.Descendants("OnnxRuntimeGpuVersion").Single().Value;

        Assert.That(RuntimeVersions.FindMismatch(Version.Parse(pinned.Descendants("OnnxRuntimeVersion").Single().Value), native), Is.Null);
        Assert.That(pinned.Descendants("PackageVersion").Single(version => (string?)version.Attribute("Include") == "Microsoft.ML.OnnxRuntime.Gpu").Attribute("Version")!.Value, Is.EqualTo("$(OnnxRuntimeGpuVersion)"));
        Assert.That(File.ReadAllText(Path.Combine(Root, "nuget", "Minions.Core.Cuda", "Minions.Core.Cuda.csproj")), Does.Contain("onnxRuntime=$(OnnxRuntimeGpuVersion)"));
    }

    [Test]
    public void No_build_restores_libraries_for_the_gpu_unless_asked_to()
    {
        string[] projects =
        [
            .. Directory.GetFiles(Root, "Directory.*.props"),
            .. new[] { "src", "tests", "benchmarks", "samples", "nuget" }
                .Select(folder => Path.Combine(Root, folder))
                .Where(Directory.Exists)
                .SelectMany(folder => Directory.EnumerateFiles(folder, "*.*proj", SearchOption.AllDirectories).Concat(Directory.EnumerateFiles(folder, "*.props", SearchOption.AllDirectories)))
                .Where(file => !file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal)),
        ];

        Assert.That(projects, Has.Length.GreaterThan(4));
        foreach (XElement reference in projects.SelectMany(project => XDocument.Load(project).Descendants("PackageReference")))
        {
            if ((string?)reference.Attribute("Include") is { } id && (id.Contains(".Gpu", StringComparison.Ordinal) || id.Contains(".Cuda", StringComparison.Ordinal)))
                Assert.That((string?)reference.Attribute("Condition"), Does.StartWith("'$(MinionsNative)' == 'Cuda'"), id);
        }
    }

    private static IEnumerable<string?> References(string project) =>
        XDocument.Load(project).Descendants("PackageReference").Select(reference => (string?)reference.Attribute("Include"));
}
