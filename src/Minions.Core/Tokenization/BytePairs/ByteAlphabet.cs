using System.Text;

namespace Minions.Core.Tokenization.BytePairs;

/// <summary>
/// GPT-2's alphabet of 256 visible characters, one for each byte: printable ASCII and Latin-1 stand for themselves, the others, in order, are
/// U+0100 and on (so the space is 'Ġ').
/// </summary>
internal static class ByteAlphabet
{
    private static readonly char[] Characters = MakeCharacters();
    private static readonly short[] Bytes = MakeBytes();

    public static ReadOnlySpan<char> All => Characters;

    /// <summary>Writes the UTF-8 bytes of a text in this alphabet.</summary>
    public static string Write(ReadOnlySpan<char> text)
    {
        byte[] bytes = new byte[Encoding.UTF8.GetMaxByteCount(text.Length)];
        int count = Encoding.UTF8.GetBytes(text, bytes);
        return string.Create(count, bytes, static (characters, source) =>
        {
            for (int index = 0; index < characters.Length; index++)
                characters[index] = Characters[source[index]];
        });
    }

    /// <summary>The byte of a character, or -1 for one that is not of this alphabet.</summary>
    public static int ByteOf(char character) => character < Bytes.Length ? Bytes[character] : -1;

    private static char[] MakeCharacters()
    {
        char[] characters = new char[256];
        char next = '\u0100';
        for (int value = 0; value < 256; value++)
            characters[value] = value is (>= '!' and <= '~') or (>= 0xA1 and <= 0xAC) or (>= 0xAE and <= 0xFF) ? (char)value : next++;
        return characters;
    }

    private static short[] MakeBytes()
    {
        short[] bytes = new short[Characters.Max() + 1];
        Array.Fill(bytes, (short)-1);
        for (int value = 0; value < 256; value++)
            bytes[Characters[value]] = (short)value;
        return bytes;
    }
}
