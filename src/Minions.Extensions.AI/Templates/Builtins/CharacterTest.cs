using System.Globalization;
using System.Text;
using Minions.Extensions.AI.Templates.Values;

namespace Minions.Extensions.AI.Templates.Builtins;

/// <summary>The questions that Python's <c>str</c> answers about its characters, such as <c>isdigit</c>.</summary>
internal sealed class CharacterTest(string name, Func<string, bool> holds)
{
    public string Name => name;

    public static CharacterTest Lower { get; } = new("islower", text => Cased(text, CaseMapping.IsLower));

    public static CharacterTest Upper { get; } = new("isupper", text => Cased(text, CaseMapping.IsUpper));

    public static IReadOnlyList<CharacterTest> All { get; } =
    [
        Every("isalpha", Rune.IsLetter),
        Every("isalnum", rune => Rune.IsLetter(rune) || IsNumeric(rune)),
        Every("isdecimal", rune => Rune.GetUnicodeCategory(rune) == UnicodeCategory.DecimalDigitNumber),
        Every("isdigit", IsDigit),
        Every("isnumeric", IsNumeric),
        Every("isspace", rune => rune.IsBmp && PythonText.IsSpace((char)rune.Value)),
        new("isascii", text => Ascii.IsValid(text)),
        new("isprintable", text => text.EnumerateRunes().All(PythonText.IsPrintable)),
        Lower,
        Upper,
        new("istitle", IsTitle),
        new("isidentifier", IsIdentifier),
    ];

    public bool Holds(StringValue text, RenderRun run)
    {
        run.ChargeCharacters(text.Text.Length);
        return holds(text.Text);
    }

    public static bool IsIdentifier(string text) => text.Length > 0 && !char.IsDigit(text[0])
        && text.EnumerateRunes().All(rune => rune.Value == '_' || Rune.IsLetter(rune) || IsIdentifierMark(rune));

    private static bool IsIdentifierMark(Rune rune) => Rune.GetUnicodeCategory(rune) is UnicodeCategory.DecimalDigitNumber or UnicodeCategory.LetterNumber
        or UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.ConnectorPunctuation;

    private static CharacterTest Every(string name, Func<Rune, bool> holds) => new(name, text => text.Length > 0 && text.EnumerateRunes().All(holds));

    private static bool IsNumeric(Rune rune) => Rune.GetNumericValue(rune) >= 0 || Rune.IsNumber(rune);

    // Superscripts and circled digits are digits, fractions are not.
    private static bool IsDigit(Rune rune) => Rune.GetUnicodeCategory(rune) == UnicodeCategory.DecimalDigitNumber
        || (rune.IsBmp && CharUnicodeInfo.GetDigitValue((char)rune.Value) >= 0);

    private static bool Cased(string text, Func<Rune, bool> holds)
    {
        bool found = false;
        foreach (Rune rune in text.EnumerateRunes())
        {
            if (!CaseMapping.IsCased(rune))
                continue;
            if (!holds(rune))
                return false;
            found = true;
        }

        return found;
    }

    private static bool IsTitle(string text)
    {
        (bool found, bool inWord) = (false, false);
        foreach (Rune rune in text.EnumerateRunes())
        {
            bool begins = CaseMapping.IsUpper(rune) || Rune.GetUnicodeCategory(rune) == UnicodeCategory.TitlecaseLetter;
            if ((begins && inWord) || (CaseMapping.IsLower(rune) && !inWord))
                return false;

            inWord = CaseMapping.IsCased(rune);
            found |= inWord;
        }

        return found;
    }
}
