using Minions.Core.Tokenization.Patterns;
using Minions.Core.Tokenization.PreTokenization;

namespace Minions.Core.Tests.Tokenization.PreTokenization;

public class SplittingTests
{
    [TestCase("Removed", false, "the|final|countdown")]
    [TestCase("Isolated", false, "the|-|final|-|-|countdown")]
    [TestCase("MergedWithPrevious", false, "the-|final-|-|countdown")]
    [TestCase("MergedWithNext", false, "the|-final|-|-countdown")]
    [TestCase("Contiguous", false, "the|-|final|--|countdown")]
    [TestCase("Removed", true, "-|-|-")]
    [TestCase("Contiguous", true, "the|-|final|--|countdown")]
    public void Delimiters_go_where_the_behaviour_says(string behavior, bool invert, string expected)
    {
        var pieces = new List<string>();
        new SplitPreTokenizer(TextPattern.OfExpression("-"), Enum.Parse<SplitBehavior>(behavior), invert).Split("the-final--countdown", atStart: true, pieces);
        Assert.That(string.Join('|', pieces), Is.EqualTo(expected));
    }

    [TestCase(true, "a|1|2|\u00B2|\U0001D7D8|b")]
    [TestCase(false, "a|12\u00B2\U0001D7D8|b")]
    public void Digits_are_all_numbers_of_Unicode(bool individual, string expected)
    {
        var pieces = new List<string>();
        new DigitsPreTokenizer(individual).Split("a12\u00B2\U0001D7D8b", atStart: true, pieces);
        Assert.That(string.Join('|', pieces), Is.EqualTo(expected));
    }

    [TestCase("First", true, "\u2581a|\u2581b")]
    [TestCase("First", false, "a|\u2581b")]
    [TestCase("Always", false, "\u2581a|\u2581b")]
    [TestCase("Never", true, "a|\u2581b")]
    public void Metaspace_marks_the_first_word_as_its_scheme_says(string scheme, bool atStart, string expected)
    {
        var pieces = new List<string>();
        new MetaspacePreTokenizer("\u2581", Enum.Parse<PrependScheme>(scheme), Cut: true).Split("a b", atStart, pieces);
        Assert.That(string.Join('|', pieces), Is.EqualTo(expected));
    }
}
