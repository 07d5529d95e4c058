using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Text;
using System.Text.Json;
using System.Xml.Linq;

namespace Minions.Packages.Tests.Packing;

/// <summary>What a debugger, and an editor, find beside an assembly.</summary>
[TestFixture("Minions.Core")]
[TestFixture("Minions.Core.GenAI")]
[TestFixture("Minions.Extensions.AI")]
[TestFixture("Minions.Extensions.Hosting")]
[TestFixture("Minions.Models.Demo")]
internal sealed class SymbolTests(string id) : IDisposable
{
    // Kinds of the format of portable symbols.
    private static readonly Guid SourceLink = new("CC110556-A091-4D38-9FEC-25AB9A351A6A");
    private static readonly Guid EmbeddedSource = new("0E8A571B-6926-466E-B4AD-8AB04611F5FE");

    private static readonly string[] KnownHosts = ["github.com", "gitlab.com", "bitbucket.org"];

    private readonly PackageArchive _package = new(id);
    private readonly PackageArchive _symbols = new(id, ".snupkg");

    [OneTimeTearDown]
    public void Dispose()
    {
        _package.Dispose();
        _symbols.Dispose();
    }

    [Test]
    public void The_package_of_symbols_holds_the_symbols_alone() =>
        Assert.That(_symbols.Files, Is.EqualTo(new[] { $"lib/net10.0/{id}.pdb" }));

    [Test]
    public void The_symbols_are_those_of_the_assembly_which_is_built_reproducibly()
    {
        using PEReader assembly = OpenAssembly();
        using MetadataReaderProvider symbols = OpenSymbols();
        DebugDirectoryEntry[] entries = [.. assembly.ReadDebugDirectory()];
        DebugDirectoryEntry named = entries.Single(entry => entry.Type == DebugDirectoryEntryType.CodeView);
        var expected = new BlobContentId(assembly.ReadCodeViewDebugDirectoryData(named).Guid, named.Stamp);

        Assert.That(new BlobContentId(symbols.GetMetadataReader().DebugMetadataHeader!.Id), Is.EqualTo(expected));
        Assert.That(entries.Select(entry => entry.Type), Does.Contain(DebugDirectoryEntryType.Reproducible));
    }

    [Test]
    public void Every_source_is_a_file_of_the_repository_or_embedded()
    {
        using MetadataReaderProvider symbols = OpenSymbols();
        MetadataReader reader = symbols.GetMetadataReader();
        string[] named = [.. reader.Documents.Where(document => !Carries(reader, document, EmbeddedSource)).Select(document => reader.GetString(reader.GetDocument(document).Name))];
        // A reproducible build names them from the root of the repository on, whatever it calls that root.
        string[] missing = [.. named.Where(name => name.Contains("/obj/", StringComparison.Ordinal) || !File.Exists(RepositoryFiles.PathOf(name[name.LastIndexOf($"src/{id}/", StringComparison.Ordinal)..])))];

        Assert.That(named, Is.Not.Empty);
        Assert.That(missing, HasSourceControl() ? Is.Empty : Is.All.Contains("/obj/"), "outside of a clone nothing tells which files are generated");
    }

    [Test]
    public void Where_the_repository_is_on_a_host_that_the_SDK_knows_the_symbols_say_where_the_sources_lie()
    {
        using MetadataReaderProvider symbols = OpenSymbols();
        MetadataReader reader = symbols.GetMetadataReader();
        CustomDebugInformation[] links = [.. Of(reader, EntityHandle.ModuleDefinition).Where(information => reader.GetGuid(information.Kind) == SourceLink)];
        bool isKnown = Uri.TryCreate(_package.Find("repository")?.Attribute("url")?.Value, UriKind.Absolute, out Uri? url) && KnownHosts.Contains(url.Host);

        Assert.That(links, Has.Length.EqualTo(isKnown ? 1 : 0));
        foreach (CustomDebugInformation link in links)
        {
            using JsonDocument map = JsonDocument.Parse(Encoding.UTF8.GetString(reader.GetBlobBytes(link.Value)));
            Assert.That(map.RootElement.GetProperty("documents").EnumerateObject().Select(entry => entry.Value.GetString()), Is.All.Match("[0-9a-f]{40}/.*\\*$"));
        }
    }

    [Test]
    public void Every_public_type_is_documented()
    {
        using PEReader assembly = OpenAssembly();
        MetadataReader reader = assembly.GetMetadataReader();
        string[] types =
        [
            .. reader.TypeDefinitions.Select(reader.GetTypeDefinition)
                .Where(type => (type.Attributes & TypeAttributes.VisibilityMask) == TypeAttributes.Public)
                .Select(type => $"T:{reader.GetString(type.Namespace)}.{reader.GetString(type.Name)}"),
        ];
        using Stream stream = _package.Open($"lib/net10.0/{id}.xml");
        HashSet<string> documented = [.. XElement.Load(stream).Descendants("member").Select(member => member.Attribute("name")!.Value)];

        Assert.That(types, Is.Not.Empty);
        Assert.That(types.Where(type => !documented.Contains(type)), Is.Empty);
    }

    private bool HasSourceControl() => _package.Find("repository") is not null;

    private PEReader OpenAssembly() => new(new MemoryStream(_package.Read($"lib/net10.0/{id}.dll")));

    private MetadataReaderProvider OpenSymbols() => MetadataReaderProvider.FromPortablePdbStream(new MemoryStream(_symbols.Read($"lib/net10.0/{id}.pdb")));

    private static bool Carries(MetadataReader reader, DocumentHandle document, Guid kind) =>
        Of(reader, document).Any(information => reader.GetGuid(information.Kind) == kind);

    private static IEnumerable<CustomDebugInformation> Of(MetadataReader reader, EntityHandle parent) =>
        reader.GetCustomDebugInformation(parent).Select(reader.GetCustomDebugInformation);
}
