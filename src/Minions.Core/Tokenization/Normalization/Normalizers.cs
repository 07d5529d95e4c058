using System.Text;
using Minions.Core.Tokenization.Patterns;
using Minions.Core.Tokenization.Unicode;

namespace Minions.Core.Tokenization.Normalization;

/// <summary>
/// Changes a text before it is split into words. Implementations are records: two that do the same are equal, which is how tokenizers are
/// compared.
/// </summary>
internal interface INormalizer
{
    string Normalize(string text);

    /// <summary>Whether the first character of the result comes from the first one of the text. What is prepended at the start only asks this.</summary>
    bool KeepsStart(string text) => true;
}

/// <summary>Puts a string in front of a text that is not empty (Llama 2's begin-of-word mark).</summary>
internal sealed record PrependNormalizer(string Content) : INormalizer
{
    public string Normalize(string text) => text.Length == 0 ? text : Content + text;
}

/// <summary>Replaces every match of a pattern by a fixed string.</summary>
internal sealed record ReplaceNormalizer(TextPattern Pattern, string Content) : INormalizer
{
    public bool KeepsStart(string text)
    {
        TextRange first = Pattern.Matches(text).FirstOrDefault();
        if (first.Start != 0 || first.End == 0)
            return true;

        // A string in place of several characters stands where the last of them stood.
        Rune.DecodeFromUtf16(text, out _, out int length);
        return Content.Length != 0 && first.End == length;
    }

    public string Normalize(string text)
    {
        if (Pattern.Literal is { } literal)
            return text.Replace(literal, Content, StringComparison.Ordinal);

        var result = new StringBuilder(text.Length);
        int end = 0;
        foreach (TextRange match in Pattern.Matches(text))
        {
            result.Append(text, end, match.Start - end).Append(Content);
            end = match.End;
        }

        return result.Append(text, end, text.Length - end).ToString();
    }
}

/// <summary>Lower-cases character by character, without context (so a final sigma stays what it is), as the tokenizers library does.</summary>
internal sealed record LowercaseNormalizer : INormalizer
{
    public string Normalize(string text)
    {
        var result = new StringBuilder(text.Length);
        foreach (Rune rune in text.EnumerateRunes())
        {
            // The one character whose full lower case is longer than its simple one.
            if (rune.Value == 0x130)
                result.Append("i\u0307");
            else
                result.Append(new Rune(UnicodeProperties.ToLower(rune.Value)).ToString());
        }

        return result.ToString();
    }
}

/// <summary>One of the four Unicode normalisation forms.</summary>
internal sealed record UnicodeNormalizer(NormalizationForm Form) : INormalizer
{
    public string Normalize(string text) => UnicodeNormalization.Normalize(text, Form);
}
