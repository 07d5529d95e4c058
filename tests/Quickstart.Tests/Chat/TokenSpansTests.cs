using Minions.Core.Generation;
using Quickstart.Chat;

namespace Quickstart.Tests.Chat;

public sealed class TokenSpansTests
{
    [Test]
    public void A_piece_is_cut_at_the_borders_of_its_tokens()
    {
        Assert.That(Cut(Of("ab", "c", "", "de"), "abcde"), Is.EqualTo(new (string, int?)[] { ("ab", 0), ("c", 1), ("de", 3) }));
    }

    [Test]
    public void What_is_held_back_comes_with_a_later_piece()
    {
        TokenSpans spans = Of("a<", "b");

        Assert.That(Cut(spans, "a"), Is.EqualTo(new (string, int?)[] { ("a", 0) }));
        Assert.That(Cut(spans, "<b"), Is.EqualTo(new (string, int?)[] { ("<", 0), ("b", 1) }));
    }

    [Test]
    public void Markup_between_pieces_is_passed_over()
    {
        TokenSpans spans = Of("<think>", "hm", "</think>", "\n\n", "yes");

        Assert.That(Cut(spans, "hm"), Is.EqualTo(new (string, int?)[] { ("hm", 1) }));
        Assert.That(Cut(spans, "yes"), Is.EqualTo(new (string, int?)[] { ("yes", 4) }));
    }

    [Test]
    public void A_piece_that_no_token_says_has_no_source_and_what_follows_is_found()
    {
        TokenSpans spans = Of("a", "b");

        Assert.That(Cut(spans, "made up"), Is.EqualTo(new (string, int?)[] { ("made up", null) }));
        Assert.That(Cut(spans, "ab"), Is.EqualTo(new (string, int?)[] { ("a", 0), ("b", 1) }));
    }

    private static TokenSpans Of(params string[] tokens)
    {
        var spans = new TokenSpans();
        spans.Add(tokens.Select((text, index) => new GeneratedToken { Id = 0, Index = index, Text = text, ProposedBy = [] }));
        return spans;
    }

    private static IEnumerable<(string Text, int? Index)> Cut(TokenSpans spans, string piece) => spans.Cut(piece).Select(part => (part.Text, part.Token?.Index));
}
