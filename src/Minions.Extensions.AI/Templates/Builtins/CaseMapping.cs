using System.Collections.Frozen;
using System.Globalization;
using System.Text;
using Minions.Extensions.AI.Templates.Values;

namespace Minions.Extensions.AI.Templates.Builtins;

/// <summary>Upper, lower and title case as Python has them: with the characters that become several, and Greek's sigma at the end of a word.</summary>
internal static class CaseMapping
{
    // Unicode's SpecialCasing: the character, then what it becomes. .NET maps one character to one only.
    private const string SpecialUpper =
        "\u00dfSS \u0149\u02bcN \u01f0J\u030c \u0390\u0399\u0308\u0301 \u03b0\u03a5\u0308\u0301 \u0587\u0535\u0552 \u1e96H\u0331 "
        + "\u1e97T\u0308 \u1e98W\u030a \u1e99Y\u030a \u1e9aA\u02be \u1f50\u03a5\u0313 \u1f52\u03a5\u0313\u0300 \u1f54\u03a5\u0313\u0301 "
        + "\u1f56\u03a5\u0313\u0342 \u1f80\u1f08\u0399 \u1f81\u1f09\u0399 \u1f82\u1f0a\u0399 \u1f83\u1f0b\u0399 \u1f84\u1f0c\u0399 "
        + "\u1f85\u1f0d\u0399 \u1f86\u1f0e\u0399 \u1f87\u1f0f\u0399 \u1f88\u1f08\u0399 \u1f89\u1f09\u0399 \u1f8a\u1f0a\u0399 "
        + "\u1f8b\u1f0b\u0399 \u1f8c\u1f0c\u0399 \u1f8d\u1f0d\u0399 \u1f8e\u1f0e\u0399 \u1f8f\u1f0f\u0399 \u1f90\u1f28\u0399 "
        + "\u1f91\u1f29\u0399 \u1f92\u1f2a\u0399 \u1f93\u1f2b\u0399 \u1f94\u1f2c\u0399 \u1f95\u1f2d\u0399 \u1f96\u1f2e\u0399 "
        + "\u1f97\u1f2f\u0399 \u1f98\u1f28\u0399 \u1f99\u1f29\u0399 \u1f9a\u1f2a\u0399 \u1f9b\u1f2b\u0399 \u1f9c\u1f2c\u0399 "
        + "\u1f9d\u1f2d\u0399 \u1f9e\u1f2e\u0399 \u1f9f\u1f2f\u0399 \u1fa0\u1f68\u0399 \u1fa1\u1f69\u0399 \u1fa2\u1f6a\u0399 "
        + "\u1fa3\u1f6b\u0399 \u1fa4\u1f6c\u0399 \u1fa5\u1f6d\u0399 \u1fa6\u1f6e\u0399 \u1fa7\u1f6f\u0399 \u1fa8\u1f68\u0399 "
        + "\u1fa9\u1f69\u0399 \u1faa\u1f6a\u0399 \u1fab\u1f6b\u0399 \u1fac\u1f6c\u0399 \u1fad\u1f6d\u0399 \u1fae\u1f6e\u0399 "
        + "\u1faf\u1f6f\u0399 \u1fb2\u1fba\u0399 \u1fb3\u0391\u0399 \u1fb4\u0386\u0399 \u1fb6\u0391\u0342 \u1fb7\u0391\u0342\u0399 "
        + "\u1fbc\u0391\u0399 \u1fc2\u1fca\u0399 \u1fc3\u0397\u0399 \u1fc4\u0389\u0399 \u1fc6\u0397\u0342 \u1fc7\u0397\u0342\u0399 "
        + "\u1fcc\u0397\u0399 \u1fd2\u0399\u0308\u0300 \u1fd3\u0399\u0308\u0301 \u1fd6\u0399\u0342 \u1fd7\u0399\u0308\u0342 "
        + "\u1fe2\u03a5\u0308\u0300 \u1fe3\u03a5\u0308\u0301 \u1fe4\u03a1\u0313 \u1fe6\u03a5\u0342 \u1fe7\u03a5\u0308\u0342 "
        + "\u1ff2\u1ffa\u0399 \u1ff3\u03a9\u0399 \u1ff4\u038f\u0399 \u1ff6\u03a9\u0342 \u1ff7\u03a9\u0342\u0399 \u1ffc\u03a9\u0399 \ufb00FF "
        + "\ufb01FI \ufb02FL \ufb03FFI \ufb04FFL \ufb05ST \ufb06ST \ufb13\u0544\u0546 \ufb14\u0544\u0535 \ufb15\u0544\u053b "
        + "\ufb16\u054e\u0546 \ufb17\u0544\u053d";

    // Where the first letter of a word differs from upper case.
    private const string SpecialTitle =
        "\u00dfSs \u01c4\u01c5 \u01c5\u01c5 \u01c6\u01c5 \u01c7\u01c8 \u01c8\u01c8 \u01c9\u01c8 \u01ca\u01cb \u01cb\u01cb \u01cc\u01cb "
        + "\u01f1\u01f2 \u01f2\u01f2 \u01f3\u01f2 \u0587\u0535\u0582 \u1f80\u1f88 \u1f81\u1f89 \u1f82\u1f8a \u1f83\u1f8b \u1f84\u1f8c "
        + "\u1f85\u1f8d \u1f86\u1f8e \u1f87\u1f8f \u1f88\u1f88 \u1f89\u1f89 \u1f8a\u1f8a \u1f8b\u1f8b \u1f8c\u1f8c \u1f8d\u1f8d \u1f8e\u1f8e "
        + "\u1f8f\u1f8f \u1f90\u1f98 \u1f91\u1f99 \u1f92\u1f9a \u1f93\u1f9b \u1f94\u1f9c \u1f95\u1f9d \u1f96\u1f9e \u1f97\u1f9f \u1f98\u1f98 "
        + "\u1f99\u1f99 \u1f9a\u1f9a \u1f9b\u1f9b \u1f9c\u1f9c \u1f9d\u1f9d \u1f9e\u1f9e \u1f9f\u1f9f \u1fa0\u1fa8 \u1fa1\u1fa9 \u1fa2\u1faa "
        + "\u1fa3\u1fab \u1fa4\u1fac \u1fa5\u1fad \u1fa6\u1fae \u1fa7\u1faf \u1fa8\u1fa8 \u1fa9\u1fa9 \u1faa\u1faa \u1fab\u1fab \u1fac\u1fac "
        + "\u1fad\u1fad \u1fae\u1fae \u1faf\u1faf \u1fb2\u1fba\u0345 \u1fb3\u1fbc \u1fb4\u0386\u0345 \u1fb7\u0391\u0342\u0345 \u1fbc\u1fbc "
        + "\u1fc2\u1fca\u0345 \u1fc3\u1fcc \u1fc4\u0389\u0345 \u1fc7\u0397\u0342\u0345 \u1fcc\u1fcc \u1ff2\u1ffa\u0345 \u1ff3\u1ffc "
        + "\u1ff4\u038f\u0345 \u1ff7\u03a9\u0342\u0345 \u1ffc\u1ffc \ufb00Ff \ufb01Fi \ufb02Fl \ufb03Ffi \ufb04Ffl \ufb05St \ufb06St "
        + "\ufb13\u0544\u0576 \ufb14\u0544\u0565 \ufb15\u0544\u056b \ufb16\u054e\u0576 \ufb17\u0544\u056d";

    private static readonly FrozenDictionary<char, string> Upper = Read(SpecialUpper);
    private static readonly FrozenDictionary<char, string> Title = Read(SpecialTitle);

    public static StringValue ToUpper(StringValue text, RenderRun run) => Map(text, run, static (rune, _, _) => UpperOf(rune));

    public static StringValue ToLower(StringValue text, RenderRun run) => Map(text, run, LowerAt);

    public static StringValue Capitalize(StringValue text, RenderRun run) =>
        Map(text, run, static (rune, whole, index) => index == 0 ? TitleOf(rune) : LowerAt(rune, whole, index));

    /// <summary>Python's <c>str.title</c>: a letter behind anything that has no case begins a word.</summary>
    public static StringValue ToTitle(StringValue text, RenderRun run) => Map(text, run, static (rune, whole, index) =>
        index > 0 && IsCased(RuneBefore(whole, index)) ? LowerAt(rune, whole, index) : TitleOf(rune));

    public static StringValue SwapCase(StringValue text, RenderRun run) => Map(text, run, static (rune, whole, index) =>
        IsUpper(rune) ? LowerAt(rune, whole, index) : IsLower(rune) ? UpperOf(rune) : rune.ToString());

    // The ranges are Unicode's Other_Uppercase and Other_Lowercase: what has a case without being a letter of it.
    public static bool IsUpper(Rune rune) => Rune.GetUnicodeCategory(rune) == UnicodeCategory.UppercaseLetter
        || rune.Value is (>= 0x2160 and <= 0x216F) or (>= 0x24B6 and <= 0x24CF) or (>= 0x1F130 and <= 0x1F149) or (>= 0x1F150 and <= 0x1F169)
            or (>= 0x1F170 and <= 0x1F189);

    public static bool IsLower(Rune rune) => Rune.GetUnicodeCategory(rune) == UnicodeCategory.LowercaseLetter
        || rune.Value is 0xAA or 0xBA or (>= 0x2B0 and <= 0x2B8) or 0x2C0 or 0x2C1 or (>= 0x2E0 and <= 0x2E4) or 0x345 or 0x37A
            or (>= 0x1D2C and <= 0x1D6A) or 0x1D78 or (>= 0x1D9B and <= 0x1DBF) or 0x2071 or 0x207F or (>= 0x2090 and <= 0x209C)
            or (>= 0x2170 and <= 0x217F) or (>= 0x24D0 and <= 0x24E9) or 0x2C7C or 0x2C7D or 0xA69C or 0xA69D or 0xA770 or 0xA7F8 or 0xA7F9
            or (>= 0xAB5C and <= 0xAB5F) or 0x10780 or (>= 0x10783 and <= 0x10785) or (>= 0x10787 and <= 0x107B0) or (>= 0x107B2 and <= 0x107BA);

    public static bool IsCased(Rune rune) => IsUpper(rune) || IsLower(rune) || Rune.GetUnicodeCategory(rune) == UnicodeCategory.TitlecaseLetter;

    private static StringValue Map(StringValue text, RenderRun run, Func<Rune, string, int, string> map)
    {
        var builder = new TextBuilder(run);
        string whole = text.Text;
        run.ChargeCharacters(whole.Length);
        for (int index = 0; index < whole.Length; index++)
        {
            bool isContent = text.Marks?.Contains(index) ?? false;
            if (Rune.TryGetRuneAt(whole, index, out Rune rune))
            {
                builder.Append(map(rune, whole, index), isContent);
                index += rune.Utf16SequenceLength - 1;
            }
            else
            {
                builder.Append(whole[index], isContent);
            }
        }

        return builder.ToValue(text.IsMarkup);
    }

    private static string UpperOf(Rune rune) =>
        rune.IsBmp && Upper.TryGetValue((char)rune.Value, out string? several) ? several : Rune.ToUpperInvariant(rune).ToString();

    private static string TitleOf(Rune rune)
    {
        if (rune.IsBmp && Title.TryGetValue((char)rune.Value, out string? title))
            return title;
        return rune.Value is >= 0x10D0 and <= 0x10FF ? rune.ToString() : UpperOf(rune); // Georgian has no title case.
    }

    private static string LowerAt(Rune rune, string whole, int index) => rune.Value switch
    {
        0x130 => "i\u0307",
        0x3A3 => IsFinalSigma(whole, index) ? "\u03c2" : "\u03c3",
        _ => Rune.ToLowerInvariant(rune).ToString(),
    };

    private static bool IsFinalSigma(string whole, int index)
    {
        int before = index;
        while (before > 0 && IsCaseIgnorable(RuneBefore(whole, before)))
            before -= RuneBefore(whole, before).Utf16SequenceLength;
        if (before == 0 || !IsCased(RuneBefore(whole, before)))
            return false;

        int after = index + 1;
        while (Rune.TryGetRuneAt(whole, Math.Min(after, whole.Length - 1), out Rune next) && after < whole.Length && IsCaseIgnorable(next))
            after += next.Utf16SequenceLength;
        return after >= whole.Length || !Rune.TryGetRuneAt(whole, after, out Rune last) || !IsCased(last);
    }

    private static bool IsCaseIgnorable(Rune rune) => rune.Value is '\'' or '.' or ':' or '^' or '`' or 0xB7 or 0x2019
        || Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark or UnicodeCategory.Format
            or UnicodeCategory.ModifierLetter or UnicodeCategory.ModifierSymbol;

    private static Rune RuneBefore(string whole, int index) =>
        Rune.DecodeLastFromUtf16(whole.AsSpan(0, index), out Rune rune, out _) == System.Buffers.OperationStatus.Done ? rune : Rune.ReplacementChar;

    private static FrozenDictionary<char, string> Read(string table) =>
        table.Split(' ').ToFrozenDictionary(entry => entry[0], entry => entry[1..]);
}
