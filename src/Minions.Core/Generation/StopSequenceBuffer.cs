namespace Minions.Core.Generation;

/// <summary>An id with its text, as it waits for delivery.</summary>
internal readonly record struct HeldToken(int Id, ulong ProposedBy, string Text, TokenLogProbabilities? LogProbabilities = null);

/// <summary>
/// Holds ids back while their text may be the beginning of a stop sequence, which can run across any number of ids. An id is released whole
/// once nothing in it can belong to a stop sequence any more; when one appears, the ids end with the one in which it begins, cut before it.
/// </summary>
internal sealed class StopSequenceBuffer(IReadOnlyList<string> stopSequences)
{
    private readonly Queue<HeldToken> _held = new();
    private readonly Queue<HeldToken> _released = new();
    private string _heldText = string.Empty;

    /// <summary>The ids held back.</summary>
    public int Held => _held.Count;

    /// <summary>Takes the next id.</summary>
    /// <param name="token">The id with what it adds to the text.</param>
    /// <param name="holdBack"><see langword="false"/> when no text can follow.</param>
    /// <returns>Whether a stop sequence appeared; nothing may be appended then.</returns>
    public bool Append(in HeldToken token, bool holdBack)
    {
        _held.Enqueue(token);
        if (stopSequences.Count == 0)
        {
            Release(int.MaxValue);
            return false;
        }

        _heldText += token.Text;
        int found = FindStopSequence();
        if (found >= 0)
        {
            Release(found);
            CutBefore(found);
            return true;
        }

        Release(holdBack ? _heldText.Length - PossibleBeginning() : _heldText.Length);
        return false;
    }

    public bool TryTake(out HeldToken token) => _released.TryDequeue(out token);

    // The one that is complete first ends the text, so that it does not matter where ids end; of two that end together the longer one.
    private int FindStopSequence()
    {
        int begin = -1;
        int firstEnd = int.MaxValue;
        foreach (string stop in stopSequences)
        {
            int index = _heldText.IndexOf(stop, StringComparison.Ordinal);
            int end = index + stop.Length;
            if (index >= 0 && (end < firstEnd || (end == firstEnd && index < begin)))
                (begin, firstEnd) = (index, end);
        }

        return begin;
    }

    private int PossibleBeginning()
    {
        int longest = 0;
        foreach (string stop in stopSequences)
        {
            for (int length = Math.Min(stop.Length - 1, _heldText.Length); length > longest; length--)
            {
                if (_heldText.AsSpan(_heldText.Length - length).SequenceEqual(stop.AsSpan(0, length)))
                    longest = length;
            }
        }

        return longest;
    }

    private void Release(int end)
    {
        int position = 0;
        while (_held.TryPeek(out HeldToken token) && position + token.Text.Length <= end)
        {
            position += token.Text.Length;
            _released.Enqueue(_held.Dequeue());
        }

        _heldText = _heldText.Length == 0 ? _heldText : _heldText[Math.Min(position, _heldText.Length)..];
    }

    private void CutBefore(int found)
    {
        int kept = found - _released.Sum(token => token.Text.Length);
        if (_held.TryDequeue(out HeldToken first))
            _released.Enqueue(first with { Text = first.Text[..kept] });
        _held.Clear();
    }
}
