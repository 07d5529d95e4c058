using System.Text;
using Minions.Core.Tokenization.BytePairs;
using Minions.Core.Tokenization.Models;
using Minions.Core.Tokenization.Normalization;

namespace Minions.Core.Tokenization.Decoding;

/// <summary>Decodes one id after another, at a cost that depends on the token alone. Whole texts are decoded by it too, so that the two agree.</summary>
internal sealed class TokenDecoder : ITokenDecoder
{
    private readonly TokenTable _tokens;
    private readonly bool _skipSpecialTokens;
    private readonly Utf8Assembler _bytes;
    private readonly StringBuilder _text = new();
    private int _toStrip;
    private string _held = string.Empty;
    private bool _begun;

    public TokenDecoder(TokenTable tokens, bool skipSpecialTokens)
    {
        _tokens = tokens;
        _skipSpecialTokens = skipSpecialTokens;
        _bytes = new Utf8Assembler(replaceEachByte: !tokens.Rules.ByteLevel);
        _toStrip = tokens.Rules.StripCount;
    }

    public string Append(int id)
    {
        Take(id);
        return TakeText();
    }

    public string Complete()
    {
        _bytes.Flush(_text);
        if (_tokens.Rules.WordEnd is { } end)
            _text.Append(_held.Replace(end, string.Empty, StringComparison.Ordinal));
        _held = string.Empty;
        return TakeText();
    }

    /// <summary>Takes an id whose text is part of what the next call returns.</summary>
    public void Take(int id)
    {
        if (_tokens[id] is not { } token || (_skipSpecialTokens && _tokens.IsSpecial(id)))
            return;

        DecodingRules rules = _tokens.Rules;
        if (rules.ByteLevel)
        {
            AppendBytes(token);
        }
        else if (rules.ByteFallback && ByteTokens.TryGetByte(token, out byte value))
        {
            _bytes.Append(value, _text);
        }
        else
        {
            _bytes.Flush(_text);
            if (!_begun && rules.DroppedFirstMark is { } mark)
                token = token.Replace(mark, string.Empty, StringComparison.Ordinal);
            foreach (ReplaceNormalizer replacement in rules.Replacements)
                token = replacement.Normalize(token);
            if (_begun && rules.JoinWithSpaces)
                _text.Append(' ');
            if (rules.WordEnd is { } end)
                token = HoldFrom(token, end);
            _text.Append(token);
        }

        _begun = true;
    }

    /// <summary>Drops the text of what was taken so far; the bytes of an unfinished character stay, for the next ids to finish.</summary>
    public void DropText() => TakeText();

    /// <summary>Holds a token back from its word end on, which is a space only where another token follows, as one now does for what was held.</summary>
    private string HoldFrom(string token, string end)
    {
        _text.Append(_held.Replace(end, " ", StringComparison.Ordinal));
        int at = token.IndexOf(end, StringComparison.Ordinal);
        _held = at < 0 ? string.Empty : token[at..];
        return at < 0 ? token : token[..at];
    }

    private void AppendBytes(string token)
    {
        // A token with any other character, such as an added one, stands for its own text.
        if (IsInAlphabet(token))
        {
            foreach (char character in token)
                _bytes.Append((byte)ByteAlphabet.ByteOf(character), _text);
            return;
        }

        foreach (byte value in Encoding.UTF8.GetBytes(token))
            _bytes.Append(value, _text);
    }

    private static bool IsInAlphabet(string token)
    {
        foreach (char character in token)
        {
            if (ByteAlphabet.ByteOf(character) < 0)
                return false;
        }

        return true;
    }

    private string TakeText()
    {
        if (_text.Length == 0)
            return string.Empty;

        int start = 0;
        if (_toStrip > 0)
        {
            while (start < _text.Length && start < _toStrip && _text[start] == _tokens.Rules.Strip)
                start++;
            _toStrip = start == _text.Length ? _toStrip - start : 0;
        }

        string text = _text.ToString(start, _text.Length - start);
        _text.Clear();
        return text;
    }
}
