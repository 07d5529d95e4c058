namespace Minions.Extensions.AI.ToolCalls.Reading;

/// <summary>The output of a model as far as it has arrived, and the place up to which it has been read.</summary>
/// <remarks>
/// A method named Try answers <see langword="false"/> when the text so far does not decide. The caller yields
/// <see cref="ReadStep.More"/> and asks again, so the answer never depends on how the text was split.
/// </remarks>
internal sealed class OutputCursor
{
    private char[] _text = new char[256];
    private int _length;
    private int _position;
    private int _mark;

    // How far behind the position a search has come that found nothing yet.
    private int _searched;

    // How much white space behind the position has been seen.
    private int _space;

    /// <summary>Whether no more text will come.</summary>
    public bool Ended { get; private set; }

    /// <summary>What has arrived and is not read.</summary>
    public ReadOnlySpan<char> Rest => _text.AsSpan(_position, _length - _position);

    /// <summary>What has been read or has arrived since <see cref="Mark"/>.</summary>
    public ReadOnlySpan<char> SinceMark => _text.AsSpan(_mark, _length - _mark);

    /// <summary>How much of the rest is surely before any marker that <see cref="TryTakeUntil"/> looked for in vain.</summary>
    public int Searched => _searched;

    /// <summary>Adds text that has arrived.</summary>
    public void Append(ReadOnlySpan<char> piece)
    {
        if (_length + piece.Length > _text.Length)
            MakeRoom(piece.Length);

        piece.CopyTo(_text.AsSpan(_length));
        _length += piece.Length;
    }

    /// <summary>Says that no more text will come.</summary>
    public void End() => Ended = true;

    /// <summary>Moves over characters that have arrived.</summary>
    public void Advance(int count)
    {
        _position += count;
        _searched = _space = 0;
    }

    /// <summary>Keeps the text from here on, for <see cref="Reset"/> to come back to.</summary>
    public void Mark() => _mark = _position;

    /// <summary>Goes back to the mark.</summary>
    public void Reset()
    {
        _position = _mark;
        _searched = _space = 0;
    }

    /// <summary>Takes characters that have arrived.</summary>
    public string Take(int count)
    {
        string taken = Rest[..count].ToString();
        Advance(count);
        return taken;
    }

    /// <summary>Whether a marker stands here.</summary>
    public Sight See(string marker) => MarkerSet.See(Rest, marker, Ended);

    /// <summary>How many characters of white space come first. No character is looked at twice.</summary>
    public int CountSpace()
    {
        ReadOnlySpan<char> rest = Rest;
        while (_space < rest.Length && char.IsWhiteSpace(rest[_space]))
            _space++;

        return _space;
    }

    /// <summary>Moves over white space.</summary>
    /// <returns><see langword="false"/> when more of it may come.</returns>
    public bool TrySkipSpace()
    {
        Advance(CountSpace());
        return !Rest.IsEmpty || Ended;
    }

    /// <summary>Moves over white space, and over a marker if it follows.</summary>
    /// <param name="marker">The marker.</param>
    /// <param name="passed">Whether it follows.</param>
    public bool TryPass(string marker, out bool passed)
    {
        bool decided = TryPass([marker], out string found);
        passed = found.Length > 0;
        return decided;
    }

    /// <summary>Moves over white space, and over the first of some markers that follows.</summary>
    /// <param name="markers">The markers.</param>
    /// <param name="passed">The one that follows; empty for none.</param>
    public bool TryPass(ReadOnlySpan<string> markers, out string passed)
    {
        passed = string.Empty;
        if (!TrySkipSpace())
            return false;

        foreach (string marker in markers)
        {
            Sight sight = See(marker);
            if (sight == Sight.Perhaps)
                return false;
            if (sight == Sight.No)
                continue;

            Advance(marker.Length);
            passed = marker;
            break;
        }

        return true;
    }

    /// <summary>Takes the text before the first of some markers and stays before the marker.</summary>
    /// <param name="ends">The markers, none a prefix of another.</param>
    /// <param name="text">The text before it.</param>
    /// <param name="end">The marker.</param>
    public bool TryTakeUntil(ReadOnlySpan<string> ends, out string text, out string end)
    {
        ReadOnlySpan<char> rest = Rest;
        for (; _searched < rest.Length; _searched++)
        {
            foreach (string candidate in ends)
            {
                Sight sight = MarkerSet.See(rest[_searched..], candidate, Ended);
                if (sight == Sight.No)
                    continue;

                text = string.Empty;
                end = candidate;
                if (sight == Sight.Yes)
                    text = Take(_searched);

                return sight == Sight.Yes;
            }
        }

        text = end = string.Empty;
        return false;
    }

    /// <summary>Takes the text before a marker and moves over the marker.</summary>
    public bool TryTakeThrough(string end, out string text)
    {
        bool found = TryTakeUntil([end], out text, out _);
        if (found)
            Advance(end.Length);

        return found;
    }

    private void MakeRoom(int count)
    {
        int kept = Math.Min(_mark, _position);
        int used = _length - kept;

        // Room for as much as is kept: else a long rest would be moved for every piece.
        char[] target = used + count > _text.Length / 2 ? new char[Math.Max(_text.Length * 2, used + count)] : _text;
        _text.AsSpan(kept, used).CopyTo(target);
        _text = target;
        _length = used;
        _position -= kept;
        _mark -= kept;
    }
}
