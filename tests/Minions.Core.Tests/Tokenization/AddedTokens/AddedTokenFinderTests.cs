using Minions.Core.Tokenization.AddedTokens;

namespace Minions.Core.Tests.Tokenization.AddedTokens;

public class AddedTokenFinderTests
{
    [Test]
    public void The_longest_of_the_leftmost_is_found() =>
        Assert.That(Found("xabcd", Token(1, "ab"), Token(2, "abc"), Token(3, "bcd")), Is.EqualTo("x|#2|d"));

    [Test]
    public void White_space_goes_with_a_token_that_strips() => Assert.Multiple(() =>
    {
        Assert.That(Found("x  T  y", Token(1, "T") with { LeftStrip = true }), Is.EqualTo("x|#1|  y"));
        Assert.That(Found("x  T  y", Token(1, "T") with { RightStrip = true }), Is.EqualTo("x  |#1|y"));
        Assert.That(Found("T  T", Token(1, "T") with { LeftStrip = true, RightStrip = true }), Is.EqualTo("#1|#1"));
    });

    [Test]
    public void A_single_word_adjoins_no_other() =>
        Assert.That(Found("so also so-so \u4E2Dso", Token(1, "so") with { SingleWord = true }), Is.EqualTo("#1| also |#1|-|#1| \u4E2Dso"));

    [Test]
    public void Special_tokens_are_text_unless_parsed() =>
        Assert.That(Found("<s>a<x>", parse: false, Token(1, "<s>") with { Special = true }, Token(2, "<x>")), Is.EqualTo("<s>a|#2"));

    [TestCase("a<s>b<s>", "1..4", "a<s>b|#1", Description = "inside")]
    [TestCase("a<s>b<s>", "0..2", "a<s>b|#1", Description = "the beginning")]
    [TestCase("a<s>b<s>", "3..4", "a<s>b|#1", Description = "the end")]
    [TestCase("a<s>b<s>", "0..1 4..5", "a|#1|b|#1", Description = "beside")]
    [TestCase("<s<s>", "0..2", "<s|#1", Description = "a token behind the range")]
    public void A_special_token_with_a_plain_character_is_text(string text, string ranges, string found)
    {
        Range[] plain = [.. ranges.Split(' ').Select(range => range.Split("..")).Select(ends => int.Parse(ends[0])..int.Parse(ends[1]))];
        Assert.That(Found(text, PlainRanges.Of(plain, text.Length, "plain"), Token(1, "<s>") with { Special = true }), Is.EqualTo(found));
    }

    [Test]
    public void Plain_text_hides_no_token_that_follows_it() => Assert.Multiple(() =>
    {
        AddedToken longer = Token(1, "abc") with { Special = true };
        AddedToken shorter = Token(2, "bc") with { Special = true };
        Assert.That(Found("abc", PlainRanges.Of([0..1], 3, "plain"), longer, shorter), Is.EqualTo("a|#2"), "a longer one that begins in it");
        Assert.That(Found("bcd", PlainRanges.Of([2..3], 3, "plain"), Token(1, "bcd") with { Special = true }, shorter), Is.EqualTo("#2|d"), "a longer one that ends in it");
    });

    [Test]
    public void A_text_without_tokens_is_one_segment() => Assert.That(Found("abc"), Is.EqualTo("abc"));

    private static AddedToken Token(int id, string content) =>
        new(id, content, SingleWord: false, LeftStrip: false, RightStrip: false, Normalized: false, Special: false);

    private static string Found(string text, params AddedToken[] tokens) => Found(text, parse: true, tokens);

    private static string Found(string text, bool parse, params AddedToken[] tokens) => Found(text, parse ? PlainRanges.None : PlainRanges.All, tokens);

    private static string Found(string text, PlainRanges plain, params AddedToken[] tokens) =>
        string.Join('|', new AddedTokenFinder(tokens.Select(token => (token.Content, token))).Split(text, plain)
            .Select(segment => segment.Token is { } token ? $"#{token.Id}" : text[segment.Start..segment.End]));
}
