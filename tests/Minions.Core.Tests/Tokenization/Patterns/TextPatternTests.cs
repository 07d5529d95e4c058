using System.Globalization;
using System.Text;
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

    [TestCase(@"\p{Han}", "Han")]
    [TestCase(@"[[:alpha:]]", "inside a character class")]
    [TestCase(@"[a&&b]", "&&")]
    [TestCase(@"\bx", @"\b")]
    [TestCase(@"(?<name>x)", "(?<n")]
    [TestCase(@"(?x: a)", "(?x:")]
    [TestCase(@"[\W]", @"\W")]
    [TestCase(@"\x{1F600}", "Multilingual")]
    [TestCase("\U0001F600", "Multilingual")]
    [TestCase("[\uA000-\uABFF]", "U+A000")]
    [TestCase(@"[]a]", "begins with")]
    [TestCase(@"[a", "not closed")]
    [TestCase(@"(a", "not closed")]
    [TestCase(@"a)", "not opened")]
    [TestCase(@"*a", "nothing before")]
    [TestCase(@"a\", @"'\'")]
    [TestCase(@"\p", "name")]
    [TestCase(@"\u12", "4")]
    [TestCase(@"[a-\d]", "range")]
    public void What_has_no_counterpart_is_refused_by_name(string expression, string what) =>
        Assert.That(() => TextPattern.OfExpression(expression), Throws.TypeOf<NotSupportedException>().With.Message.Contains(what));

    [Test]
    public void Every_character_outside_the_plane_is_represented_by_one_of_its_category()
    {
        for (var point = 0x10000; point <= 0x10FFFF; point++)
        {
            var rune = new Rune(point);
            var units = CodePointText.Of(rune.ToString()).Units;
            if (units.Length != 1 || CharUnicodeInfo.GetUnicodeCategory(units[0]) != Rune.GetUnicodeCategory(rune)) Assert.Fail($"U+{point:X} is not");
        }
    }

    [Test]
    public void Matches_are_placed_in_the_original_text() =>
        Assert.That(
            TextPattern.OfExpression("b").Matches("\U0001F600b\U00020000bb"),
            Is.EqualTo((TextRange[])[new(2, 3), new(5, 6), new(6, 7)]));
}
