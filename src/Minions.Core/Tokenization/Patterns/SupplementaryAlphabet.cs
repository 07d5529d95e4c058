using System.Text;
using Minions.Core.Tokenization.Unicode;

namespace Minions.Core.Tokenization.Patterns;

/// <summary>The UTF-16 units that stand for characters outside the Basic Multilingual Plane while one expression is matched. Immutable.</summary>
/// <remarks>
/// Characters that lie in the same sets of the expression are one kind, and a kind has units of its own. These are taken from the surrogates,
/// which a well-formed text does not hold by themselves, so that no unit has two meanings.
/// </remarks>
internal sealed class SupplementaryAlphabet
{
    private const int FirstPoint = 0x10000;
    private const int FirstUnit = 0xD800;
    private const int UnitCount = 0x800;

    private readonly int[] _starts;
    private readonly int[] _kinds;
    private readonly int[] _example;
    private readonly int _unitsPerKind;

    /// <param name="sets">All sets of the expression.</param>
    /// <param name="tellsApart">
    /// Whether equal and different characters of a kind matter, as to a back reference; each then gets a unit of its own while there are any.
    /// </param>
    public SupplementaryAlphabet(IReadOnlyList<CodePointSet> sets, bool tellsApart)
    {
        var starts = new SortedSet<int> { FirstPoint };
        foreach (CodePointRange range in sets.SelectMany(set => set.Ranges))
        {
            if (range.First > FirstPoint)
                starts.Add(range.First);
            if (range.Last >= FirstPoint && range.Last < CodePointSet.Last)
                starts.Add(range.Last + 1);
        }

        _starts = [.. starts];
        _kinds = new int[_starts.Length];
        var kinds = new Dictionary<string, int>(StringComparer.Ordinal);
        var examples = new List<int>();
        var signature = new StringBuilder(sets.Count);
        for (int index = 0; index < _starts.Length; index++)
        {
            signature.Clear();
            foreach (CodePointSet set in sets)
                signature.Append(set.Contains(_starts[index]) ? '1' : '0');
            if (kinds.TryAdd(signature.ToString(), kinds.Count))
                examples.Add(_starts[index]);
            _kinds[index] = kinds[signature.ToString()];
        }

        _example = [.. examples];
        if (_example.Length > UnitCount)
            throw new NotSupportedException($"more than {UnitCount} kinds of characters outside the Basic Multilingual Plane");
        _unitsPerKind = tellsApart ? UnitCount / _example.Length : 1;
    }

    /// <summary>The ranges of UTF-16 units that stand for a set's characters outside the plane. The set is one of those given.</summary>
    public IEnumerable<(char First, char Last)> UnitsOf(CodePointSet set)
    {
        for (int kind = 0; kind < _example.Length; kind++)
        {
            if (set.Contains(_example[kind]))
                yield return (UnitOf(kind, 0), UnitOf(kind, _unitsPerKind - 1));
        }
    }

    /// <summary>Opens what gives units to the characters of one text.</summary>
    public Writer CreateWriter() => new(this);

    private char UnitOf(int kind, int member) => (char)(FirstUnit + (kind * _unitsPerKind) + member);

    private int KindOf(int point)
    {
        int index = Array.BinarySearch(_starts, point);
        return _kinds[index < 0 ? ~index - 1 : index];
    }

    /// <summary>Gives units to the characters of one text.</summary>
    internal sealed class Writer(SupplementaryAlphabet alphabet)
    {
        private readonly Dictionary<int, char>? _units = alphabet._unitsPerKind > 1 ? [] : null;
        private readonly int[] _used = new int[alphabet._example.Length];

        public char UnitOf(int point)
        {
            int kind = alphabet.KindOf(point);
            if (_units is null)
                return alphabet.UnitOf(kind, 0);
            if (_units.TryGetValue(point, out char unit))
                return unit;
            if (_used[kind] == alphabet._unitsPerKind)
                throw new ArgumentException("The text has more different characters outside the Basic Multilingual Plane than an expression with back references can tell apart.");

            return _units[point] = alphabet.UnitOf(kind, _used[kind]++);
        }
    }
}
