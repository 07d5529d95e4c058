using System.Xml.Linq;

namespace Minions.Packages.Tests.Packing;

internal sealed class PackageContentTests
{
    private static readonly string[] Ids =
        ["Minions.Core", "Minions.Core.Cpu", "Minions.Core.Cuda", "Minions.Core.GenAI", "Minions.Extensions.AI", "Minions.Extensions.Hosting", "Minions.Models.Demo"];

    private static readonly byte[] PngSignature = [0x89, (byte)'P', (byte)'N', (byte)'G'];

    [Test]
    public void Every_package_that_the_README_names_is_packed_and_no_other()
    {
        string table = File.ReadAllText(RepositoryFiles.PathOf("README.md")).Split("| package | contents |")[1].Split("\n\n")[0];
        string[] named = [.. table.Split('\n').Where(line => line.StartsWith("| `", StringComparison.Ordinal)).Select(line => line.Split('`')[1])];

        Assert.That(named, Is.EquivalentTo(Ids));
        Assert.That(Directory.GetFiles(PackedPackages.Folder, "*.nupkg").Select(Path.GetFileName), Is.EquivalentTo(Ids.Select(id => $"{id}.{PackedPackages.Version}.nupkg")));
    }

    [TestCaseSource(nameof(Ids))]
    public void A_package_tells_what_it_is(string id)
    {
        using var package = new PackageArchive(id);
        using var core = new PackageArchive("Minions.Core");

        using (Assert.EnterMultipleScope())
        {
            Assert.That(package.Tell("id"), Is.EqualTo(id));
            Assert.That(package.Tell("version"), Is.EqualTo(PackedPackages.Version));
            Assert.That(package.Tell("authors"), Is.EqualTo(core.Tell("authors")).And.Not.Empty);
            Assert.That(package.Tell("copyright"), Is.EqualTo(core.Tell("copyright")).And.Not.Empty);
            Assert.That(package.Tell("license"), Is.EqualTo(id == "Minions.Models.Demo" ? "MIT AND Apache-2.0" : "MIT"));
            Assert.That(package.Tell("description"), Does.EndWith(".").And.Contain("Minions.Core").Or.Contain("Speculative decoding"));
            Assert.That(package.Tell("tags").Split(' '), Is.SupersetOf(new[] { "minions", "llm", "onnxruntime", "speculative-decoding" }).And.Unique);
            Assert.That(package.Read(package.Tell("icon")), Has.Length.LessThan(1 << 20).And.ItemAt(0).EqualTo(PngSignature[0]));
            Assert.That(package.Read(package.Tell("icon"))[..4], Is.EqualTo(PngSignature));
            Assert.That(new StreamReader(package.Open(package.Tell("readme"))).ReadToEnd(), Does.StartWith($"# {id}\n").And.Contain("dotnet add package"));
        }
    }

    [TestCaseSource(nameof(Ids))]
    public void Where_the_clone_knows_its_repository_so_does_the_package(string id)
    {
        using var package = new PackageArchive(id);
        using var core = new PackageArchive("Minions.Core");
        if (core.Find("repository")?.Attribute("url")?.Value is not { } url)
        {
            Assert.Pass("This clone has no remote that could be named.");
            return;
        }

        XElement? repository = package.Find("repository");
        Assert.That(repository?.Attribute("url")?.Value, Is.EqualTo(url));
        Assert.That(repository?.Attribute("commit")?.Value, Does.Match("^[0-9a-f]{40}$"));
    }

    [TestCaseSource(nameof(Ids))]
    public void A_package_holds_what_it_is_for_and_nothing_else(string id)
    {
        using var package = new PackageArchive(id);

        string[] own = id switch
        {
            "Minions.Core.Cpu" or "Minions.Core.Cuda" => ["lib/net10.0/_._"],
            "Minions.Core" => [.. Library(id), "THIRD-PARTY-NOTICES.txt"],
            "Minions.Models.Demo" => [.. Library(id), $"buildTransitive/{id}.targets", .. DemoModels()],
            _ => Library(id),
        };
        Assert.That(package.Files, Is.EquivalentTo([.. own, "README.md", "icon.png"]));
    }

    [TestCase("Minions.Core", "Google.Protobuf", "Microsoft.Extensions.Configuration.Binder", "Microsoft.Extensions.DependencyInjection.Abstractions",
        "Microsoft.Extensions.Logging.Abstractions", "Microsoft.Extensions.Options", "Microsoft.Extensions.Options.ConfigurationExtensions",
        "Microsoft.ML.OnnxRuntime.Managed", "System.Numerics.Tensors")]
    [TestCase("Minions.Core.Cpu", "Minions.Core", "Microsoft.ML.OnnxRuntime")]
    [TestCase("Minions.Core.Cuda", "Minions.Core", "Microsoft.ML.OnnxRuntime.Gpu", "Microsoft.ML.OnnxRuntimeGenAI.Cuda")]
    [TestCase("Minions.Core.GenAI", "Minions.Core", "Microsoft.Extensions.AI.Abstractions", "Microsoft.Extensions.Configuration.Binder",
        "Microsoft.Extensions.Options.ConfigurationExtensions", "Microsoft.ML.OnnxRuntimeGenAI.Managed")]
    [TestCase("Minions.Extensions.AI", "Minions.Core", "Microsoft.Extensions.AI", "Microsoft.Extensions.AI.Abstractions")]
    [TestCase("Minions.Extensions.Hosting", "Minions.Core", "Microsoft.Extensions.Diagnostics.HealthChecks", "Microsoft.Extensions.Hosting.Abstractions")]
    [TestCase("Minions.Models.Demo", "Minions.Core")]
    public void A_package_depends_on_what_it_uses_itself_from_the_version_on_that_is_tested(string id, params string[] dependencies)
    {
        using var package = new PackageArchive(id);
        XElement group = package.Find("dependencies")!.Elements().Single();
        Dictionary<string, string> versions = group.Elements().ToDictionary(element => element.Attribute("id")!.Value, element => element.Attribute("version")!.Value);

        Assert.That(group.Attribute("targetFramework")?.Value, Is.EqualTo("net10.0"));
        Assert.That(versions.Keys, Is.EquivalentTo(dependencies));
        foreach ((string dependency, string version) in versions)
            Assert.That(version, Is.EqualTo(dependency == "Minions.Core" ? PackedPackages.Version : CentralVersions.Of(dependency)), dependency);
    }

    private static string[] Library(string id) => [$"lib/net10.0/{id}.dll", $"lib/net10.0/{id}.xml"];

    private static IEnumerable<string> DemoModels() => Directory.EnumerateFiles(RepositoryFiles.SmolLm2, "*", SearchOption.AllDirectories)
        .Where(file => Path.GetExtension(file) != ".jsonl")
        .Select(file => $"models/smollm2/{Path.GetRelativePath(RepositoryFiles.SmolLm2, file).Replace('\\', '/')}");
}
