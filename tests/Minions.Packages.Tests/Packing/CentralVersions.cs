using System.Xml.Linq;

namespace Minions.Packages.Tests.Packing;

/// <summary>The versions of packages that the repository is built and tested with.</summary>
internal static class CentralVersions
{
    private static readonly XElement Root = XElement.Load(RepositoryFiles.PathOf("Directory.Packages.props"));

    public static string Of(string id)
    {
        string version = Root.Descendants("PackageVersion").Single(element => element.Attribute("Include")!.Value == id).Attribute("Version")!.Value;
        return version.StartsWith("$(", StringComparison.Ordinal) ? Root.Descendants(version[2..^1]).Single().Value : version;
    }
}
