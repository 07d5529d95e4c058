using System.Globalization;

namespace Minions.Core.Tokenization.Unicode;

/// <summary>Properties, scripts, blocks and case folding of one version of Unicode, read once from a resource of the assembly.</summary>
/// <remarks>
/// The runtime's own tables cannot be used: their version changes with the runtime, and the same prompt could have other ids.
/// </remarks>
internal sealed class UnicodeProperties
{
    private const string Resource = "Minions.Core.Tokenization.Unicode.unicode-properties.txt";

    private static readonly Lazy<UnicodeProperties> Shared = new(Read);

    // Most properties are never asked for; their ranges stay text until then.
    private readonly Dictionary<string, Lazy<CodePointSet>> _sets = new(StringComparer.Ordinal);
    private readonly List<(int[] Folded, int[] Unfolded)> _foldings = [];
    private readonly Dictionary<int, int> _lower = [];

    private UnicodeProperties()
    {
    }

    /// <summary>Strings of one to three folded code points, each with the single code points that fold to it.</summary>
    public static IReadOnlyList<(int[] Folded, int[] Unfolded)> Foldings => Shared.Value._foldings;

    /// <summary>The simple lower case of a code point; the code point itself where it has none.</summary>
    public static int ToLower(int point) => Shared.Value._lower.GetValueOrDefault(point, point);

    /// <summary>The code points of a property by one of its names, such as <c>Lu</c>, <c>Han</c> or <c>Alphabetic</c>.</summary>
    /// <returns>The set, or <see langword="null"/> for an unknown name. Case, spaces, hyphens and underscores do not count.</returns>
    public static CodePointSet? Find(string name)
    {
        string key = string.Concat(name.Where(letter => letter is not (' ' or '-' or '_'))).ToLowerInvariant();
        return Shared.Value._sets.TryGetValue(key, out Lazy<CodePointSet>? set) ? set.Value : null;
    }

    /// <summary>The code points of a property that is known to be there.</summary>
    public static CodePointSet Get(string name) => Find(name) ?? throw new ArgumentException($"The tables have no property '{name}'.", nameof(name));

    private static UnicodeProperties Read()
    {
        using Stream stream = typeof(UnicodeProperties).Assembly.GetManifestResourceStream(Resource)!;
        using var reader = new StreamReader(stream);
        var properties = new UnicodeProperties();
        while (reader.ReadLine() is { } line)
        {
            int equals = line.IndexOf('=');
            if (line[0] == 'P')
            {
                var set = new Lazy<CodePointSet>(() => CodePointSet.Of(line[(equals + 1)..].Split(' ').Select(ReadRange)));
                foreach (string name in line[1..equals].Split(' '))
                    properties._sets[name] = set;
            }
            else if (line[0] == 'F')
            {
                properties._foldings.Add((ReadPoints(line[1..equals]), ReadPoints(line[(equals + 1)..])));
            }
            else if (line[0] == 'L')
            {
                int[] span = ReadPoints(line[1..equals]);
                int distance = ReadPoint(line.AsSpan(equals + 1)) - span[0];
                for (int point = span[0]; point <= span[1]; point += span[2])
                    properties._lower[point] = point + distance;
            }
        }

        return properties;
    }

    private static int[] ReadPoints(string text) => Array.ConvertAll(text.Split(' '), point => ReadPoint(point));

    private static CodePointRange ReadRange(string text)
    {
        int hyphen = text.IndexOf('-');
        return hyphen < 0
            ? new CodePointRange(ReadPoint(text), ReadPoint(text))
            : new CodePointRange(ReadPoint(text.AsSpan(0, hyphen)), ReadPoint(text.AsSpan(hyphen + 1)));
    }

    private static int ReadPoint(ReadOnlySpan<char> digits) => int.Parse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
}
