using System.Globalization;

namespace Minions.Core.Tokenization.Models;

/// <summary>The tokens of the form <c>&lt;0x0A&gt;</c> that stand for the bytes of characters which a vocabulary lacks.</summary>
internal sealed class ByteTokens
{
    private readonly int?[] _ids = new int?[256];

    public ByteTokens(Func<string, int?> idOf)
    {
        for (int value = 0; value < _ids.Length; value++)
            _ids[value] = idOf(string.Create(CultureInfo.InvariantCulture, $"<0x{value:X2}>"));
    }

    /// <summary>Appends the ids of some bytes, unless one of them has none.</summary>
    public bool TryAppend(ReadOnlySpan<byte> bytes, List<int> ids)
    {
        foreach (byte value in bytes)
        {
            if (_ids[value] is null)
                return false;
        }

        foreach (byte value in bytes)
            ids.Add(_ids[value]!.Value);
        return true;
    }

    /// <summary>The byte that a token stands for.</summary>
    public static bool TryGetByte(string token, out byte value)
    {
        value = 0;
        return token.Length == 6 && token.StartsWith("<0x", StringComparison.Ordinal) && token[5] == '>'
            && byte.TryParse(token.AsSpan(3, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out value);
    }
}
