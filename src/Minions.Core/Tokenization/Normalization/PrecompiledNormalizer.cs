using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using Minions.Core.Json;

namespace Minions.Core.Tokenization.Normalization;

/// <summary>SentencePiece's own normalisation: rules that a model brings as a trie over UTF-8 bytes (<c>precompiled_charsmap</c>).</summary>
/// <remarks>
/// The map is the length of the trie in bytes, the trie in 32-bit units (a double array), and the replacements, each ended by a zero byte. A unit
/// has the byte it is reached by, whether a value hangs below it, and where its children are.
/// </remarks>
internal sealed class PrecompiledNormalizer : INormalizer
{
    // Longer combinations than this are replaced character by character.
    private const int LongestCombination = 5;

    private readonly uint[] _trie;
    private readonly byte[] _replacements;

    private PrecompiledNormalizer(uint[] trie, byte[] replacements)
    {
        _trie = trie;
        _replacements = replacements;
    }

    public static PrecompiledNormalizer Read(JsonPart part)
    {
        JsonPart text = part.Required("precompiled_charsmap");
        byte[] map;
        try
        {
            map = Convert.FromBase64String(text.Text());
        }
        catch (FormatException)
        {
            throw text.Fault("is not base64");
        }

        int size = map.Length < sizeof(int) ? -1 : BinaryPrimitives.ReadInt32LittleEndian(map);
        if (size <= 0 || size % sizeof(uint) != 0 || size > map.Length - sizeof(int))
            throw text.Fault("is not a trie with its replacements: the length of the trie does not fit");

        uint[] trie = new uint[size / sizeof(uint)];
        for (int index = 0; index < trie.Length; index++)
            trie[index] = BinaryPrimitives.ReadUInt32LittleEndian(map.AsSpan((index + 1) * sizeof(uint)));
        byte[] replacements = map[(size + sizeof(int))..];
        if (!System.Text.Unicode.Utf8.IsValid(replacements))
            throw text.Fault("has replacements that are not UTF-8");
        return new PrecompiledNormalizer(trie, replacements);
    }

    public string Normalize(string text)
    {
        var result = new StringBuilder(text.Length);
        for (int start = 0; start < text.Length;)
        {
            ReadOnlySpan<char> element = text.AsSpan(start, StringInfo.GetNextTextElementLength(text, start));
            start += element.Length;
            if (Encoding.UTF8.GetByteCount(element) <= LongestCombination && TryReplace(element, result))
                continue;

            while (element.Length != 0)
            {
                Rune.DecodeFromUtf16(element, out _, out int length);
                if (!TryReplace(element[..length], result))
                    result.Append(element[..length]);
                element = element[length..];
            }
        }

        return result.ToString();
    }

    /// <summary>Appends the replacement of the shortest rule that a part begins with, in place of the whole part, as the tokenizers library does.</summary>
    private bool TryReplace(ReadOnlySpan<char> part, StringBuilder result)
    {
        Span<byte> bytes = stackalloc byte[4 * LongestCombination];
        bytes = bytes[..Encoding.UTF8.GetBytes(part, bytes)];
        uint node = OffsetOf(_trie[0]);
        foreach (byte value in bytes)
        {
            node ^= value;
            if (value == 0 || node >= _trie.Length || (_trie[node] & 0x8000_00FF) != value)
                return false;

            bool hasValue = (_trie[node] & 0x100) != 0;
            node ^= OffsetOf(_trie[node]);
            if (!hasValue || node >= _trie.Length)
                continue;

            int start = (int)(_trie[node] & 0x7FFF_FFFF);
            if (start > _replacements.Length)
                return false;

            ReadOnlySpan<byte> replacement = _replacements.AsSpan(start);
            int end = replacement.IndexOf((byte)0);
            result.Append(Encoding.UTF8.GetString(end < 0 ? replacement : replacement[..end]));
            return true;
        }

        return false;
    }

    private static uint OffsetOf(uint unit) => (unit >> 10) << (int)((unit & 0x200) >> 6);
}
