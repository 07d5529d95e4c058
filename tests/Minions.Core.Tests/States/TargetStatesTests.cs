using CsCheck;
using Minions.Core.States;

namespace Minions.Core.Tests.States;

public sealed class TargetStatesTests
{
    private static readonly StateLayout Layout = new([new StatePart("one", 2), new StatePart("other", 1)]);

    /// <summary>Runs of rows from a position on, each followed by a cut: what a verifier and the pipeline do.</summary>
    private static readonly Gen<(int Capacity, (int Back, int Rows, int Rejected)[] Runs)> Cases = Gen.Select(
        Gen.Int[1, 90],
        Gen.Select(Gen.Int[0, 3], Gen.Int[0, 70], Gen.Int[0, 5]).Array[1, 20]);

    [Test]
    public void The_newest_rows_that_were_written_and_not_cut_off_are_held_and_no_others() => Cases.Sample(c =>
    {
        var states = new TargetStates(Layout, c.Capacity);
        List<float> text = [];
        float written = 0;
        int forgotten = 0;
        foreach ((int back, int rows, int rejected) in c.Runs)
        {
            int from = Math.Max(0, text.Count - back);
            text.RemoveRange(from, text.Count - from);
            for (int i = 0; i < rows; i++)
            {
                Span<float> row = states.Write(text.Count);
                text.Add(++written);
                row.Fill(written);
                forgotten = from < forgotten && i == 0 ? from : Math.Max(forgotten, text.Count - c.Capacity);
            }

            text.RemoveRange(Math.Max(0, text.Count - rejected), Math.Min(rejected, text.Count));
            states.Truncate(text.Count);
            Assert.That(states.End, Is.LessThanOrEqualTo(text.Count));
            Assert.That(states.End - states.Start, Is.LessThanOrEqualTo(c.Capacity));
            for (int position = states.Start; position < states.End; position++)
                Assert.That(states.Row(position).ToArray(), Is.EqualTo(Enumerable.Repeat(text[position], 3)), $"at {position}");
            if (rows > 0 && text.Count > from)
                Assert.That((states.Start, states.End), Is.EqualTo((Math.Min(forgotten, text.Count), text.Count)));
        }
    });

    [Test]
    public void A_row_that_does_not_follow_on_those_held_begins_anew()
    {
        var states = new TargetStates(Layout, 8);
        states.Write(0).Fill(1);
        states.Write(1).Fill(2);
        states.Write(5).Fill(3);

        Assert.That((states.Start, states.End), Is.EqualTo((5, 6)));
        Assert.That(states.Row(5).ToArray(), Is.All.EqualTo(3f));
        Assert.That(() => states.Row(4).ToArray(), Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(() => states.Row(6).ToArray(), Throws.TypeOf<ArgumentOutOfRangeException>());
    }

    [Test]
    public void A_layout_tells_where_each_state_begins()
    {
        Assert.That((Layout.Width, Layout.OffsetOf("one"), Layout.OffsetOf("other"), Layout.OffsetOf("third")), Is.EqualTo((3, 0, 2, -1)));
        Assert.That(() => new StateLayout([]), Throws.ArgumentException);
        Assert.That(() => new StateLayout([new StatePart("", 1)]), Throws.ArgumentException);
        Assert.That(() => new StateLayout([new StatePart("one", 0)]), Throws.ArgumentException);
        Assert.That(() => new StateLayout([new StatePart("one", 1), new StatePart("one", 2)]), Throws.ArgumentException.With.Message.Contains("'one'"));
    }
}
