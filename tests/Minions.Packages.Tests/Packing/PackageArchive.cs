using System.IO.Compression;
using System.Xml.Linq;

namespace Minions.Packages.Tests.Packing;

/// <summary>A package as it was packed.</summary>
internal sealed class PackageArchive : IDisposable
{
    private readonly ZipArchive _archive;

    /// <param name="id">The package.</param>
    /// <param name="extension">With its dot: that of packages, or that of their symbols.</param>
    public PackageArchive(string id, string extension = ".nupkg")
    {
        _archive = ZipFile.OpenRead(Path.Combine(PackedPackages.Folder, $"{id}.{PackedPackages.Version}{extension}"));
        using Stream nuspec = Open($"{id}.nuspec");
        Metadata = XDocument.Load(nuspec).Root!.Elements().Single(element => element.Name.LocalName == "metadata");
    }

    /// <summary>What the package tells of itself.</summary>
    public XElement Metadata { get; }

    /// <summary>Its files, without those that belong to the format of packages.</summary>
    public IEnumerable<string> Files => _archive.Entries.Select(entry => entry.FullName).Where(name =>
        name != "[Content_Types].xml" && !name.StartsWith("_rels/", StringComparison.Ordinal) && !name.StartsWith("package/", StringComparison.Ordinal) &&
        !name.EndsWith(".nuspec", StringComparison.Ordinal));

    public Stream Open(string file) => _archive.GetEntry(file)!.Open();

    public byte[] Read(string file)
    {
        using Stream stream = Open(file);
        using var bytes = new MemoryStream();
        stream.CopyTo(bytes);
        return bytes.ToArray();
    }

    /// <summary>The text of an element of the metadata, empty where it has none.</summary>
    public string Tell(string name) => Find(name)?.Value ?? "";

    public XElement? Find(string name) => Metadata.Elements().SingleOrDefault(element => element.Name.LocalName == name);

    public void Dispose() => _archive.Dispose();
}
