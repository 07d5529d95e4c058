using CsCheck;
using Minions.Core.Generation;

namespace Minions.Core.Tests.Generation;

public class StopSequenceBufferTests
{
    private static readonly Gen<string> Text = Gen.Char["ab"].Array[0, 3].Select(letters => new string(letters));

    [Test]
    public void Text_ends_before_the_stop_sequence_that_is_complete_first_wherever_tokens_end() => Gen.Select(Text.Array[1, 12], Text.Where(stop => stop.Length > 0).Array[1, 3]).Sample(
        (pieces, stops) =>
        {
            string whole = string.Concat(pieces);
            int first = FirstComplete(whole, stops);
            (string text, int count, bool stopped) = Feed(pieces, stops);

            Assert.That(stopped, Is.EqualTo(first >= 0));
            Assert.That(text, Is.EqualTo(first < 0 ? whole : whole[..first]));
            int beginsIn = first < 0 ? pieces.Length : TokenAt(pieces, first) + 1;
            Assert.That(count, Is.EqualTo(beginsIn));
        });

    [Test]
    public void A_token_that_cannot_belong_to_a_stop_sequence_is_not_held()
    {
        var buffer = new StopSequenceBuffer(["stop"]);
        buffer.Append(new HeldToken(1, 0, "go"), holdBack: true);

        Assert.That(buffer.TryTake(out HeldToken token), Is.True);
        Assert.That(token.Text, Is.EqualTo("go"));
    }

    [Test]
    public void A_possible_beginning_is_held_until_it_is_resolved()
    {
        var buffer = new StopSequenceBuffer(["stop"]);
        buffer.Append(new HeldToken(1, 0, "st"), holdBack: true);
        Assert.That(buffer.TryTake(out _), Is.False);

        buffer.Append(new HeldToken(2, 0, "ay"), holdBack: true);
        Assert.That(buffer.TryTake(out HeldToken first), Is.True);
        Assert.That(buffer.TryTake(out HeldToken second), Is.True);
        Assert.That(first.Text + second.Text, Is.EqualTo("stay"));
    }

    private static int FirstComplete(string whole, string[] stops)
    {
        for (int end = 1; end <= whole.Length; end++)
        {
            if (stops.Where(stop => whole[..end].EndsWith(stop, StringComparison.Ordinal)).MaxBy(stop => stop.Length) is { } stop)
                return end - stop.Length;
        }

        return -1;
    }

    private static int TokenAt(string[] pieces, int position)
    {
        int end = 0;
        return Array.FindIndex(pieces, piece => position < (end += piece.Length));
    }

    private static (string Text, int Count, bool Stopped) Feed(string[] pieces, string[] stops)
    {
        var buffer = new StopSequenceBuffer(stops);
        string text = string.Empty;
        int count = 0;
        for (int i = 0; i < pieces.Length; i++)
        {
            bool stopped = buffer.Append(new HeldToken(i, 0, pieces[i]), holdBack: i < pieces.Length - 1);
            while (buffer.TryTake(out HeldToken token))
            {
                text += token.Text;
                Assert.That(token.Id, Is.EqualTo(count++), "ids come in order and none is lost");
            }

            if (stopped)
                return (text, count, true);
        }

        return (text, count, false);
    }
}
