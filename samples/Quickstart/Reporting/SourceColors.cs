using Minions.Core.Generation;
using Spectre.Console;

namespace Quickstart.Reporting;

/// <summary>Which colour shows where a token came from. Only the 16 colours that a terminal's theme makes readable.</summary>
internal sealed class SourceColors
{
    private static readonly Color[] Palette = [Color.Aqua, Color.Yellow, Color.Fuchsia, Color.Blue, Color.Red, Color.Olive, Color.Teal, Color.Purple];
    private static readonly Style Several = new(Color.Lime);

    private readonly Dictionary<string, Style> _drafts = [];

    public SourceColors(IReadOnlyList<string> drafts)
    {
        for (int i = 0; i < drafts.Count; i++)
            _drafts[drafts[i]] = new Style(Palette[i % Palette.Length]);
    }

    public Style Of(in GeneratedToken token) => token.ProposedBy.Count switch
    {
        0 => Style.Plain,
        1 => _drafts.GetValueOrDefault(token.ProposedBy[0], Style.Plain),
        _ => Several,
    };

    /// <summary>What each colour means, in the order to show it.</summary>
    public IEnumerable<(string Meaning, Style Style)> Legend()
    {
        yield return ("the target's own", Style.Plain);
        foreach ((string name, Style style) in _drafts)
            yield return (name, style);
        if (_drafts.Count > 1)
            yield return ("several drafts alike", Several);
    }
}
