using System.Buffers;
using System.Text;

namespace Minions.Core.Tokenization.Decoding;

/// <summary>Makes text from bytes that come one at a time; keeps the bytes of an unfinished character.</summary>
/// <param name="replaceEachByte">
/// Whether every byte of an ill-formed part becomes a U+FFFD of its own, as with byte fallback, or each maximal part one, as WHATWG says.
/// </param>
internal sealed class Utf8Assembler(bool replaceEachByte)
{
    private readonly byte[] _pending = new byte[4];
    private int _count;

    public void Append(byte value, StringBuilder text)
    {
        if (_count == 0 && value < 0x80)
        {
            text.Append((char)value);
            return;
        }

        _pending[_count++] = value;
        while (_count > 0)
        {
            OperationStatus status = Rune.DecodeFromUtf8(_pending.AsSpan(0, _count), out Rune rune, out int length);
            if (status == OperationStatus.NeedMoreData)
                return;
            if (status == OperationStatus.Done)
                AppendRune(rune, text);
            else
                Replace(length, text);
            _count -= length;
            _pending.AsSpan(length, _count).CopyTo(_pending);
        }
    }

    /// <summary>Ends the bytes: what is unfinished is replaced.</summary>
    public void Flush(StringBuilder text)
    {
        if (_count > 0)
            Replace(_count, text);
        _count = 0;
    }

    private static void AppendRune(Rune rune, StringBuilder text)
    {
        Span<char> units = stackalloc char[2];
        text.Append(units[..rune.EncodeToUtf16(units)]);
    }

    private void Replace(int length, StringBuilder text) => text.Append('\uFFFD', replaceEachByte ? length : 1);
}
