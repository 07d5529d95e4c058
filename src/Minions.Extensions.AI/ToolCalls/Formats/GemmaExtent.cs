using Minions.Extensions.AI.ToolCalls.Reading;

namespace Minions.Extensions.AI.ToolCalls.Formats;

/// <summary>Finds where an object in Gemma's notation ends, in text that is still arriving.</summary>
internal sealed class GemmaExtent
{
    private readonly string _quote;
    private int _scanned;
    private int _depth;
    private bool _inString;

    /// <param name="quote">What a string starts and ends with.</param>
    public GemmaExtent(string quote)
    {
        _quote = quote;
    }

    /// <summary>Takes the object, the cursor standing at its brace.</summary>
    public bool TryTake(OutputCursor cursor, out string value)
    {
        ReadOnlySpan<char> rest = cursor.Rest;
        value = string.Empty;
        while (_scanned < rest.Length)
        {
            Sight quote = MarkerSet.See(rest[_scanned..], _quote, cursor.Ended);
            if (quote == Sight.Perhaps)
                return false;
            if (quote == Sight.Yes)
            {
                _inString = !_inString;
                _scanned += _quote.Length;
                continue;
            }

            char c = rest[_scanned++];
            if (_inString)
                continue;
            if (c is '{' or '[')
                _depth++;
            else if (c is '}' or ']' && --_depth == 0)
            {
                value = cursor.Take(_scanned);
                return true;
            }
        }

        return false;
    }
}
