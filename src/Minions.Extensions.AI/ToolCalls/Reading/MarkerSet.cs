namespace Minions.Extensions.AI.ToolCalls.Reading;

/// <summary>Markers that are looked for at once.</summary>
internal sealed class MarkerSet
{
    private readonly Marker[] _markers;

    public MarkerSet(IEnumerable<Marker> markers)
    {
        _markers = [.. markers.Where(marker => marker.Text.Length > 0)];
    }

    /// <summary>How the markers are written.</summary>
    public IEnumerable<string> Texts => _markers.Select(marker => marker.Text);

    /// <summary>Whether any of the markers may stand here.</summary>
    /// <param name="fresh">Whether nothing but white space has come since the start or the last markup.</param>
    public bool Any(bool fresh)
    {
        foreach (Marker marker in _markers)
        {
            if (fresh || !marker.OnlyFresh)
                return true;
        }

        return false;
    }

    /// <summary>Whether one of the markers stands at the start of a text; the shortest, should several.</summary>
    /// <param name="text">The text.</param>
    /// <param name="ended">Whether nothing will follow it.</param>
    /// <param name="fresh">Whether nothing but white space has come since the start or the last markup.</param>
    /// <param name="found">The marker.</param>
    public Sight See(ReadOnlySpan<char> text, bool ended, bool fresh, out Marker found)
    {
        Sight best = Sight.No;
        found = default;
        foreach (Marker marker in _markers)
        {
            if (marker.OnlyFresh && !fresh)
                continue;

            Sight sight = See(text, marker.Text, ended);
            if (sight > best || (sight == Sight.Yes && marker.Text.Length < found.Text.Length))
            {
                best = sight;
                found = marker;
            }
        }

        return best;
    }

    /// <summary>Looks for the first of the markers in a text.</summary>
    /// <param name="text">The text.</param>
    /// <param name="ended">Whether nothing will follow it.</param>
    /// <param name="before">How much stands before the marker, or before what may become one.</param>
    /// <param name="found">The marker.</param>
    public Sight Find(ReadOnlySpan<char> text, bool ended, out int before, out Marker found)
    {
        for (before = 0; before < text.Length; before++)
        {
            Sight sight = See(text[before..], ended, fresh: false, out found);
            if (sight != Sight.No)
                return sight;
        }

        found = default;
        return Sight.No;
    }

    /// <summary>Whether a marker stands at the start of a text.</summary>
    public static Sight See(ReadOnlySpan<char> text, ReadOnlySpan<char> marker, bool ended)
    {
        if (text.StartsWith(marker, StringComparison.Ordinal))
            return Sight.Yes;

        return !ended && text.Length < marker.Length && marker.StartsWith(text, StringComparison.Ordinal) ? Sight.Perhaps : Sight.No;
    }
}
