using Minions.Core.Tokenization.Patterns;

namespace Minions.Core.Tests.Tokenization.Patterns;

/// <summary>Oniguruma's meaning, over whole characters.</summary>
public class TextPatternTests
{
    [TestCase(@"\p{L}+", "a\U00020000\U00010400b1", "a\U00020000\U00010400b")]
    [TestCase(@"\p{N}{1,3}", "\U0001D7D8\U0001D7D9\U0001D7DA\U0001D7DB", "\U0001D7D8\U0001D7D9\U0001D7DA|\U0001D7DB")]
    [TestCase(@"[^\s\p{L}\p{N}]+", "a\U0001F600!b", "\U0001F600!")]
    [TestCase(@".", "\U0001F600", "\U0001F600")]
    [TestCase(@"(?i:'s|'t)", "'S'\u017F't's", "'S|'\u017F|'t|'s")]
    [TestCase(@"'(?i:[sdmt]|ll)", "'S'\u017F'LL", "'S|'\u017F|'LL")]
    [TestCase(@"a?+a|b", "aab", "aa|b")]
    [TestCase(@"a++a", "aaa", "")]
    [TestCase(@"(?:ab)*+c", "ababc", "ababc")]
    [TestCase(@"a{2}+", "aaaaa", "aaaa")]
    [TestCase(@"a{,2}b", "aaab", "aab")]
    [TestCase(@"a{1,3}?", "aa", "a|a")]
    [TestCase(@"a{x", "a{x", "a{x")]
    [TestCase(@"[\-\]a-c&]+", "a-]&d", "a-]&")]
    [TestCase(@"[a\-z]+", "a-zb", "a-z")]
    [TestCase(@"[\x{4E00}-\u4E10]+", "\u4E00\u4E10\u4E11", "\u4E00\u4E10")]
    [TestCase(@"\P{^L}", "a1", "a")]
    [TestCase(@"\w+", "a\u2160\u0903_\u24B6!", "a\u2160\u0903_\u24B6")]
    [TestCase(@"[\w]+|\W", "a!", "a|!")]
    [TestCase(@"\s+(?!\S)|\s+", "a   b\u3000", "  | |\u3000")]
    [TestCase(@"(a|b)+", "abba", "abba")]
    [TestCase(@"(?i)s", "S\u017F", "S|\u017F")]
    [TestCase(@"(?i)\u03C3+", "\u03C3\u03C2\u03A3", "\u03C3\u03C2\u03A3")]
    [TestCase(@"(?i)ss", "\u00DFsS\u1E9E", "\u00DF|sS|\u1E9E")]
    [TestCase(@"(?i)[\u00DF]", "Ss", "Ss")]
    [TestCase(@"\w+", "m\u00B2\u00BD", "m\u00B2\u00BD")]
    [TestCase(@"[\w]+", "m\u00B2", "m")]
    [TestCase(@"[a-f&&[^c]&&\w]+", "abcdef", "ab|def")]
    [TestCase(@"[[:alpha:][:digit:]_]+", "a1_-", "a1_")]
    [TestCase(@"[]a]+", "]a[", "]a")]
    [TestCase(@"\p{Han}+", "a\u4E2D\U00020000\u3042", "\u4E2D\U00020000")]
    [TestCase("[\uD7FF-\uE000\U00010400-\U00010450]+", "\uD7FF\U00010428\uE000\U0001F600", "\uD7FF\U00010428\uE000")]
    [TestCase(@"\bx\b|\Ay|z\z", "yx xz", "y|z")]
    [TestCase(@"(?<d>\d)\k<d>", "112233", "11|22|33")]
    [TestCase(@"(a|b)\1", "aabab", "aa")]
    [TestCase(@"a(?i)b|c", "aBaC", "aB|aC")]
    [TestCase(@"(?x) a b # comment", "ab", "ab")]
    [TestCase(@"(?=(\d{3})+(?!\d))", "1234", "")]
    [TestCase(@"\pL", "pLa", "pL")]
    public void Matches_are_those_of_Oniguruma(string expression, string text, string expected)
    {
        var matches = TextPattern.OfExpression(expression).Matches(text).Select(match => text[match.Start..match.End]);
        Assert.That(string.Join('|', matches), Is.EqualTo(expected));
    }

    // The expressions of published models that use more than the reference tokenizers do.
    [TestCase(
        @"'(?i:[sdmt]|ll|ve|re)|[^\r\n\p{L}\p{N}]?+\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]++[\r\n]*|\s*[\r\n]|\s+(?!\S)|\s+",
        "I'LL  pay $1234!!\n\nok",
        "I|'LL| | pay| $|123|4|!!\n\n|ok",
        TestName = "GPT-4")]
    [TestCase(
        @"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?|[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*(?i:'s|'t|'re|'ve|'m|'ll|'d)?|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+",
        "camelCase JSON's x/y\n",
        "camel|Case| JSON's| x|/y|\n",
        TestName = "GPT-4o")]
    [TestCase(
        @"[!""#$%&'()*+,\-./:;<=>?@\[\\\]^_`{|}~][A-Za-z]+|[^\r\n\p{L}\p{P}\p{S}]?[\p{L}\p{M}]+| ?[\p{P}\p{S}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+",
        "a.b [x] \\n \U0001F600\U00020000",
        "a|.b| [|x|]| \\|n| \U0001F600|\U00020000",
        TestName = "DeepSeek, words")]
    [TestCase("[\u4E00-\u9FA5\u3040-\u309F\u30A0-\u30FF]+", "a\u4E2D\u3042\U00020000", "\u4E2D\u3042", TestName = "DeepSeek, ideographs")]
    public void Expressions_of_published_models_are_taken(string expression, string text, string expected) =>
        Matches_are_those_of_Oniguruma(expression, text, expected);

    [TestCase(@"\p{Klingon}", "Klingon")]
    [TestCase(@"\p{L", "closing brace")]
    [TestCase(@"[[:alphabet:]]", "[:alphabet:]")]
    [TestCase(@"(?W: a)", "(?W:")]
    [TestCase(@"(?~a)", "(?~a")]
    [TestCase(@"(*FAIL)", "callout")]
    [TestCase(@"\X", @"'\X'")]
    [TestCase(@"\xE4", "0x7F")]
    [TestCase(@"(a)(?i)\1", "ignores case")]
    [TestCase(@"(?<n>a)\1", "named groups")]
    [TestCase(@"\k<n>", "'n'")]
    [TestCase(@"(a)\2", "group 2")]
    [TestCase(@"(?:a*)+?b", "may be empty")]
    [TestCase(@"(?:a?|b){2}", "may be empty")]
    [TestCase(@"[]", "empty")]
    [TestCase(@"[b-a]", "U+0062 to U+0061")]
    [TestCase(@"[\w-a]", "'-'")]
    [TestCase(@"[a", "not closed")]
    [TestCase(@"(a", "not closed")]
    [TestCase(@"a)", "not opened")]
    [TestCase(@"*a", "nothing before")]
    [TestCase(@"a\", @"'\'")]
    [TestCase(@"\u12", "4")]
    [TestCase(@"[a-\d]", "range")]
    public void What_is_not_understood_is_refused_by_name(string expression, string what) =>
        Assert.That(() => TextPattern.OfExpression(expression), Throws.TypeOf<NotSupportedException>().With.Message.Contains(what));

    [Test]
    public void Ten_thousand_groups_in_each_other_are_refused_by_name() =>
        Assert.That(() => TextPattern.OfExpression(new string('(', 10_000)), Throws.TypeOf<NotSupportedException>().With.Message.Contains("in each other"));

    [TestCase(@"(?:a|aa)+c")]
    [TestCase(@"(a|aa)+$")]
    public void An_expression_that_does_not_come_to_an_end_is_named(string expression)
    {
        var pattern = TextPattern.OfExpression(expression, TimeSpan.FromMilliseconds(50));
        Assert.That(
            () => pattern.Matches(new string('a', 60) + "dc").Count(),
            Throws.ArgumentException.With.Message.Contains(expression).And.Message.Contains("0.05 seconds"));
    }

    [Test]
    public void A_back_reference_tells_characters_outside_the_plane_apart()
    {
        var pattern = TextPattern.OfExpression(@"(.)\1");
        Assert.That(pattern.Matches("\U00010400\U00010401\U00010401\U0001F600\U0001F600"), Is.EqualTo((TextRange[])[new(2, 6), new(6, 10)]));
    }

    [Test]
    public void Matches_are_placed_in_the_original_text() =>
        Assert.That(
            TextPattern.OfExpression("b").Matches("\U0001F600b\U00020000bb"),
            Is.EqualTo((TextRange[])[new(2, 3), new(5, 6), new(6, 7)]));
}
