using System.Reflection;
using System.Text.RegularExpressions;

namespace Minions.Core.Tests.Architecture;

/// <summary>
/// Which namespaces of the library name types of which others, seen from the namespace that holds both: what A.B.C names of A.D counts for A.B and
/// A.D, what A.B names of A for A.B and A.
/// </summary>
/// <remarks>
/// It reads the source, not the assembly, in which the compiler leaves no trace of constants. Types that are used without being named, such as that of
/// a property in the middle of a chain, do not count, nor do comments.
/// </remarks>
internal sealed partial class SourceReferences
{
    private readonly Dictionary<(string From, string To), SortedSet<string>> _references = [];
    private readonly HashSet<(string Namespace, string Type)> _types;
    private readonly HashSet<string> _namespaces;

    private SourceReferences(Assembly assembly)
    {
        _types = [.. assembly.GetTypes().Where(type => !type.IsNested && type.Namespace is not null).Select(type => (type.Namespace!, type.Name.Split('`')[0]))];
        _namespaces = [.. _types.SelectMany(type => Enclosing(type.Namespace))];
    }

    /// <summary>The namespaces that name types of another one, each pair once.</summary>
    public IEnumerable<(string From, string To)> Edges => _references.Keys;

    /// <summary>Reads all files of a project.</summary>
    /// <param name="folder">The folder of the project.</param>
    /// <param name="assembly">What it is compiled to.</param>
    public static SourceReferences Read(string folder, Assembly assembly)
    {
        var references = new SourceReferences(assembly);
        string[] built = [Path.Combine(folder, "obj") + Path.DirectorySeparatorChar, Path.Combine(folder, "bin") + Path.DirectorySeparatorChar];
        foreach (string file in Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories))
        {
            if (!built.Any(file.StartsWith))
                references.Add(Path.GetFileNameWithoutExtension(file), File.ReadAllText(file));
        }

        return references;
    }

    /// <summary>What one namespace names of another: each file without its ending, and the type.</summary>
    public IEnumerable<string> Of(string from, string to) => _references[(from, to)];

    private void Add(string file, string source)
    {
        string code = Silent().Replace(source, " ");
        string own = NamespaceDeclaration().Match(code).Groups[1].Value;
        string[] visible = [.. Enclosing(own), .. UsingDirective().Matches(code).Select(match => match.Groups[1].Value)];
        foreach (Match chain in Chain().Matches(UsingDirective().Replace(code, " ")))
        {
            if (Resolve(chain.Value.Split('.', StringSplitOptions.TrimEntries), visible) is { } found && found.Namespace != own)
                Record(own, found.Namespace, $"{file} names {found.Type}");
        }
    }

    private void Record(string from, string to, string reference)
    {
        string common = Enclosing(from).First(Enclosing(to).Contains);
        (from, to) = (Below(common, from), Below(common, to));
        if (!_references.TryGetValue((from, to), out SortedSet<string>? known))
            _references.Add((from, to), known = new SortedSet<string>(StringComparer.Ordinal));
        known.Add(reference);
    }

    // A name stands for a type of the nearest namespace around it that has one; parts before it may name a namespace.
    private (string Namespace, string Type)? Resolve(string[] parts, string[] visible)
    {
        foreach (string around in visible)
        {
            if (_types.Contains((around, parts[0])))
                return (around, parts[0]);

            string inner = around;
            for (int i = 0; i + 1 < parts.Length; i++)
            {
                inner = inner.Length == 0 ? parts[i] : $"{inner}.{parts[i]}";
                if (!_namespaces.Contains(inner))
                    break;
                if (_types.Contains((inner, parts[i + 1])))
                    return (inner, parts[i + 1]);
            }
        }

        return null;
    }

    // What stands right below a namespace around a name; the namespace itself where that is the name.
    private static string Below(string around, string name) => Enclosing(name).TakeWhile(outer => outer != around).LastOrDefault(around);

    // From the inside to the outside; the last one has no name.
    private static IEnumerable<string> Enclosing(string name)
    {
        for (string outer = name; outer.Length > 0; outer = outer[..Math.Max(0, outer.LastIndexOf('.'))])
            yield return outer;
        yield return "";
    }

    /// <summary>Comments, texts and characters.</summary>
    [GeneratedRegex("""//[^\n]*|/\*.*?\*/|\$*"{3}.*?"{3}|\$*@\$?"(?:""|[^"])*"|\$?"(?:\\.|[^"\\\n])*"|'(?:\\.[^'\n]*|[^'\\\n])'""", RegexOptions.Singleline)]
    private static partial Regex Silent();

    [GeneratedRegex(@"^namespace\s+([\w.]+)", RegexOptions.Multiline)]
    private static partial Regex NamespaceDeclaration();

    [GeneratedRegex(@"^(?:using|namespace)\s+([\w.]+)\s*;", RegexOptions.Multiline)]
    private static partial Regex UsingDirective();

    [GeneratedRegex(@"(?<![\w.@])[A-Za-z_]\w*(?:\s*\.\s*[A-Za-z_]\w*)*")]
    private static partial Regex Chain();
}
