using System.Text.RegularExpressions;
using Minions.Core.Json;

namespace Minions.Core.Tokenization.Patterns;

/// <summary>What a Split or Replace looks for: a literal string, or a regular expression in Oniguruma's syntax and meaning.</summary>
internal sealed class TextPattern
{
    /// <summary>How long one match may be looked for. Expressions that backtrack for ever end here.</summary>
    public static readonly TimeSpan DefaultTimeLimit = TimeSpan.FromSeconds(5);

    private readonly Regex? _regex;
    private readonly SupplementaryAlphabet? _alphabet;
    private readonly string _source;

    private TextPattern(string source, string? literal, Regex? regex, SupplementaryAlphabet? alphabet)
    {
        _source = source;
        Literal = literal;
        _regex = regex;
        _alphabet = alphabet;
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

    /// <summary>Takes a string that is not empty.</summary>
    public static TextPattern OfText(string literal) => new(literal, literal, regex: null, alphabet: null);

    /// <summary>Takes an expression.</summary>
    /// <param name="expression">The expression, in Oniguruma's syntax.</param>
    /// <param name="timeLimit">How long one match may be looked for; <see cref="DefaultTimeLimit"/> where none is given.</param>
    /// <exception cref="NotSupportedException">A construct is not understood; the message names it.</exception>
    public static TextPattern OfExpression(string expression, TimeSpan? timeLimit = null)
    {
        PatternNode node = PatternParser.Parse(expression, out bool hasReferences);
        string written = RegexWriter.Write(node, hasReferences, out SupplementaryAlphabet alphabet);
        return new TextPattern(
            expression, literal: null, new Regex(written, RegexOptions.CultureInvariant, timeLimit ?? DefaultTimeLimit), alphabet);
    }

    /// <summary>The matches from left to right. They do not overlap; one that is empty does not stand right behind another.</summary>
    /// <exception cref="ArgumentException">An expression takes too long on this text; the message names it.</exception>
    public IEnumerable<TextRange> Matches(string text) => Literal is null ? ExpressionMatches(text) : LiteralMatches(text, Literal);

    private static TextPattern OfLiteral(JsonPart part, string literal) =>
        literal.Length == 0 ? throw part.Fault("is an empty pattern") : OfText(literal);

    private static IEnumerable<TextRange> LiteralMatches(string text, string literal)
    {
        for (int start = 0; (start = text.IndexOf(literal, start, StringComparison.Ordinal)) >= 0; start += literal.Length)
            yield return new TextRange(start, start + literal.Length);
    }

    private IEnumerable<TextRange> ExpressionMatches(string text)
    {
        var matchable = CodePointText.Of(text, _alphabet!);
        int previousEnd = -1;
        for (int start = 0; start <= matchable.Units.Length;)
        {
            Match match = MatchFrom(matchable.Units, start);
            if (!match.Success)
                yield break;

            int end = match.Index + match.Length;
            if (match.Length == 0 && end == previousEnd)
            {
                start++;
                continue;
            }

            yield return matchable.InText(match.Index, end);
            start = previousEnd = end;
        }
    }

    private Match MatchFrom(string units, int start)
    {
        try
        {
            return _regex!.Match(units, start);
        }
        catch (RegexMatchTimeoutException exception)
        {
            throw new ArgumentException(
                $"The text cannot be encoded: the tokenizer's expression {_source} looked for a match for more than {exception.MatchTimeout.TotalSeconds:0.###} seconds.", exception);
        }
    }
}

/// <summary>A part of a text in UTF-16 units, the end exclusive.</summary>
internal readonly record struct TextRange(int Start, int End);
