using System.Text.RegularExpressions;
using Minions.Core.Json;

namespace Minions.Core.Tokenization.Patterns;

/// <summary>What a Split or Replace looks for: a literal string, or a regular expression in Oniguruma's syntax and meaning.</summary>
internal sealed class TextPattern : IEquatable<TextPattern>
{
    private readonly Regex? _regex;
    private readonly string _source;

    private TextPattern(string source, string? literal, Regex? regex)
    {
        _source = source;
        Literal = literal;
        _regex = regex;
    }

    /// <summary>The string to look for, where it is not an expression.</summary>
    public string? Literal { get; }

    public static TextPattern Read(JsonPart part)
    {
        if (part.IsString)
            return OfLiteral(part, part.Text());
        if (part.Optional("String") is { } literal)
            return OfLiteral(literal, literal.Text());

        JsonPart expression = part.Required("Regex");
        try
        {
            return OfExpression(expression.Text());
        }
        catch (Exception exception) when (exception is NotSupportedException or ArgumentException)
        {
            throw expression.Fault($"is the expression {expression.Text()}, which is not supported: {exception.Message}");
        }
    }

    /// <summary>Translates an expression.</summary>
    /// <exception cref="NotSupportedException">A construct has no counterpart; the message names it.</exception>
    public static TextPattern OfExpression(string expression) => new(
        expression,
        literal: null,
        new Regex(OnigurumaTranslator.Translate(expression), RegexOptions.CultureInvariant | RegexOptions.Multiline));

    /// <summary>Takes an expression that is known at build time, written for .NET.</summary>
    public static TextPattern OfRegex(Regex regex) => new(regex.ToString(), literal: null, regex);

    /// <summary>The matches from left to right. They do not overlap and none is empty.</summary>
    public IEnumerable<TextRange> Matches(string text) => Literal is null ? ExpressionMatches(text) : LiteralMatches(text, Literal);

    public bool Equals(TextPattern? other) => other is not null && _source == other._source && Literal is null == other.Literal is null;

    public override bool Equals(object? obj) => Equals(obj as TextPattern);

    public override int GetHashCode() => StringComparer.Ordinal.GetHashCode(_source);

    public override string ToString() => Literal is null ? $"/{_source}/" : $"'{_source}'";

    private static TextPattern OfLiteral(JsonPart part, string literal) =>
        literal.Length == 0 ? throw part.Fault("is an empty pattern") : new(literal, literal, regex: null);

    private static IEnumerable<TextRange> LiteralMatches(string text, string literal)
    {
        for (int start = 0; (start = text.IndexOf(literal, start, StringComparison.Ordinal)) >= 0; start += literal.Length)
            yield return new TextRange(start, start + literal.Length);
    }

    private IEnumerable<TextRange> ExpressionMatches(string text)
    {
        var matchable = CodePointText.Of(text);
        for (Match match = _regex!.Match(matchable.Units); match.Success; match = match.NextMatch())
        {
            if (match.Length != 0)
                yield return matchable.InText(match.Index, match.Index + match.Length);
        }
    }
}

/// <summary>A part of a text in UTF-16 units, the end exclusive.</summary>
internal readonly record struct TextRange(int Start, int End);
