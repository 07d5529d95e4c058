using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json.Nodes;

namespace Minions.Extensions.AI.ToolCalls.Reading;

/// <summary>What the readers of notations that are almost JSON share: a place in the text, a limit of depth, and words that are values.</summary>
internal abstract class LiteralReader
{
    private int _depth;

    /// <param name="text">The text.</param>
    protected LiteralReader(string text)
    {
        Text = text;
    }

    /// <summary>The text.</summary>
    protected string Text { get; }

    /// <summary>The place in it.</summary>
    protected int At { get; set; }

    /// <summary>The next character; NUL at the end.</summary>
    protected char Next => At < Text.Length ? Text[At] : '\0';

    /// <summary>What has not been read.</summary>
    protected ReadOnlySpan<char> Rest => Text.AsSpan(At);

    /// <summary>Reads the value that starts here.</summary>
    /// <exception cref="FormatException">There is none.</exception>
    protected abstract JsonNode? ReadValue();

    /// <summary>Reads a value behind white space.</summary>
    /// <exception cref="FormatException">There is none, or it is nested too deep.</exception>
    protected JsonNode? Value()
    {
        SkipSpace();
        if (++_depth >= LenientJson.DeepestArguments)
            throw new FormatException($"A value is nested deeper than {LenientJson.DeepestArguments - 1}.");

        JsonNode? value = ReadValue();
        _depth--;
        return value;
    }

    /// <summary>Tells what a word without quotes says, in JSON or Python.</summary>
    protected static bool TryWord(string word, out JsonValue? value)
    {
        value = word switch
        {
            "True" or "true" => JsonValue.Create(true),
            "False" or "false" => JsonValue.Create(false),
            _ when long.TryParse(word, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long whole) => JsonValue.Create(whole),
            _ when double.TryParse(word, NumberStyles.Float, CultureInfo.InvariantCulture, out double real) && double.IsFinite(real) => JsonValue.Create(real),
            _ => null,
        };
        return value is not null || word is "None" or "null";
    }

    /// <summary>Moves over white space.</summary>
    protected void SkipSpace()
    {
        while (char.IsWhiteSpace(Next))
            At++;
    }

    /// <summary>Moves over white space, and over a character if it follows.</summary>
    protected bool TrySkip(char c)
    {
        SkipSpace();
        if (At == Text.Length || Next != c)
            return false;

        At++;
        return true;
    }

    /// <summary>Moves over white space and a character.</summary>
    /// <exception cref="FormatException">It does not follow.</exception>
    protected void Skip(char c)
    {
        if (!TrySkip(c))
            Fail(At);
    }

    /// <summary>Moves over a comma, unless the closing bracket comes next.</summary>
    /// <exception cref="FormatException">Neither follows.</exception>
    protected void SkipComma(char close)
    {
        if (!TrySkip(',') && Next != close)
            Fail(At);
    }

    /// <summary>Says what stands where it cannot.</summary>
    /// <exception cref="FormatException">Always.</exception>
    [DoesNotReturn]
    protected void Fail(int at)
    {
        string what = at < Text.Length ? $"'{Text[at]}'" : "the end";
        throw new FormatException($"Unexpected {what} at character {at} of a call.");
    }
}
