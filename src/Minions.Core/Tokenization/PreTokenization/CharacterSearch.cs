using System.Text;
using Minions.Core.Tokenization.Patterns;
using Minions.Core.Tokenization.Unicode;

namespace Minions.Core.Tokenization.PreTokenization;

/// <summary>Finds single characters, each a match of its own.</summary>
internal static class CharacterSearch
{
    public static IEnumerable<TextRange> In(string text, CodePointSet set)
    {
        int start = 0;
        foreach (Rune rune in text.EnumerateRunes())
        {
            int end = start + rune.Utf16SequenceLength;
            if (set.Contains(rune.Value))
                yield return new TextRange(start, end);
            start = end;
        }
    }
}
