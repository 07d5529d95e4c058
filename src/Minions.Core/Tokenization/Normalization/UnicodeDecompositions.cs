using System.Globalization;

namespace Minions.Core.Tokenization.Normalization;

/// <summary>The tables of the Unicode Character Database that normalisation needs, read once from a resource of the assembly.</summary>
internal sealed class UnicodeDecompositions
{
    private const string Resource = "Minions.Core.Tokenization.Normalization.unicode-decompositions.txt";

    private static readonly Lazy<UnicodeDecompositions> Shared = new(Read);

    private readonly Dictionary<int, int[]> _canonical = [];
    private readonly Dictionary<int, int[]> _compatibility = [];
    private readonly Dictionary<(int First, int Second), int> _compositions = [];
    private readonly Dictionary<int, byte> _combiningClasses = [];

    private UnicodeDecompositions()
    {
    }

    public static UnicodeDecompositions Instance => Shared.Value;

    public bool TryDecompose(int point, bool compatibility, out int[] parts)
    {
        if (_canonical.TryGetValue(point, out parts!))
            return true;
        return compatibility && _compatibility.TryGetValue(point, out parts!);
    }

    public bool TryCompose(int first, int second, out int composed) => _compositions.TryGetValue((first, second), out composed);

    public byte CombiningClass(int point) => point < 0x300 ? (byte)0 : _combiningClasses.GetValueOrDefault(point);

    private static UnicodeDecompositions Read()
    {
        using Stream stream = typeof(UnicodeDecompositions).Assembly.GetManifestResourceStream(Resource)!;
        using var reader = new StreamReader(stream);
        var data = new UnicodeDecompositions();
        while (reader.ReadLine() is { } line)
        {
            if (line[0] != '#')
                data.Add(line[0], line.AsSpan(1));
        }

        return data;
    }

    private void Add(char kind, ReadOnlySpan<char> line)
    {
        int equals = line.IndexOf('=');
        string[] values = line[(equals + 1)..].ToString().Split(' ');
        if (kind == 'M')
        {
            byte combiningClass = byte.Parse(line[..equals], CultureInfo.InvariantCulture);
            foreach (string range in values)
            {
                string[] ends = range.Split('-');
                for (int point = Hex(ends[0]); point <= Hex(ends[^1]); point++)
                    _combiningClasses[point] = combiningClass;
            }

            return;
        }

        int whole = Hex(line[..equals]);
        int[] parts = Array.ConvertAll(values, value => Hex(value));
        (kind == 'K' ? _compatibility : _canonical)[whole] = parts;
        if (kind == 'C')
            _compositions[(parts[0], parts[1])] = whole;
    }

    private static int Hex(ReadOnlySpan<char> digits) => int.Parse(digits, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
}
