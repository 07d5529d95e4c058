using CsCheck;
using Minions.Core.OnnxRuntime.Decoding;

namespace Minions.Core.Tests.OnnxRuntime.Decoding;

public class OnnxSequenceTests
{
    private sealed record Step(int Keep, int[] Add, int RowsWanted, bool Fails);

    private static readonly Gen<Step[]> Steps =
        Gen.Select(Gen.Int[0, 40], Gen.Int[0, 3].Array[0, 90], Gen.Int[0, 9], Gen.Int[0, 9])
            .Select(step => new Step(step.Item1, step.Item2, step.Item3, step.Item4 == 0))
            .Array[1, 12];

    [Test]
    public void Whatever_is_asked_logits_are_those_of_the_text_asked_for(
        [Values] bool bitIdentical, [Values(8, int.MaxValue)] int capacityStep, [Values(2, 25, 70, int.MaxValue)] int longestShortText) => Steps.Sample(steps =>
    {
        var cache = new RecordingCache(capacityStep, longestShortText);
        using var sequence = new OnnxSequence(cache, bitIdentical, longestShortText: longestShortText);
        int[] text = [];
        foreach (Step step in steps)
        {
            text = [.. text.Take(step.Keep), .. step.Add];
            if (text.Length > 0)
                Ask(cache, sequence, text, Math.Min(step.RowsWanted, text.Length), step.Fails);
        }

        if (bitIdentical)
            Assert.That(cache.Widths, Has.All.GreaterThanOrEqualTo(2), "no run is one row wide");
        Assert.That(cache.Widths, Has.All.LessThanOrEqualTo(OnnxDecoder.PrefillChunk));
    });

    [Test]
    public void Plain_decoding_runs_two_rows_a_step_in_bit_identical_mode_and_one_in_the_fastest([Values] bool bitIdentical)
    {
        var cache = new RecordingCache();
        using var sequence = new OnnxSequence(cache, bitIdentical);
        for (int length = 5; length < 10; length++)
            Feed(sequence, [.. Enumerable.Range(0, length)], 1);

        Assert.That(cache.Widths, Is.EqualTo(bitIdentical ? new[] { 5, 2, 2, 2, 2 } : [5, 1, 1, 1, 1]));
    }

    [Test]
    public void A_prompt_of_one_id_gets_a_filler_that_is_never_read()
    {
        var cache = new RecordingCache();
        using var sequence = new OnnxSequence(cache, bitIdentical: true);
        Feed(sequence, [7], 1);
        Assert.That(sequence.LogitsAfter(0).ToArray(), Is.EqualTo(new[] { 7f }));
        Assert.That(sequence.Ids.ToArray(), Is.EqualTo(new[] { 7 }));

        Feed(sequence, [7, 3], 1);
        Assert.That(sequence.LogitsAfter(1).ToArray(), Is.EqualTo(new[] { 7f, 3f }));
        Assert.That(cache.Widths, Is.EqualTo(new[] { 2, 2 }));
    }

    [Test]
    public void A_text_that_grows_past_the_switch_is_run_afresh_once()
    {
        var cache = new RecordingCache(longestShortText: 6);
        using var sequence = new OnnxSequence(cache, bitIdentical: true, longestShortText: 6);
        for (int length = 4; length < 10; length++)
            Feed(sequence, [.. Enumerable.Range(0, length)], 1);

        Assert.That(cache.Widths, Is.EqualTo(new[] { 4, 2, 2, 7, 2, 2 }));
    }

    [Test]
    public void Rows_on_both_sides_of_the_switch_are_run_apart()
    {
        var cache = new RecordingCache(longestShortText: 6);
        using var sequence = new OnnxSequence(cache, bitIdentical: true, longestShortText: 6);
        Feed(sequence, [.. Enumerable.Range(0, 4)], 1);
        Feed(sequence, [.. Enumerable.Range(0, 8)], 4);

        Assert.That(cache.Widths, Is.EqualTo(new[] { 4, 2, 8 }));
    }

    [Test]
    public void Pieces_of_a_long_prompt_are_run_once()
    {
        var cache = new RecordingCache(longestShortText: 6);
        using var sequence = new OnnxSequence(cache, bitIdentical: true, longestShortText: 6);
        int[] text = [.. Enumerable.Range(0, 12)];
        foreach (int length in new[] { 3, 6, 9 })
        {
            sequence.Rewind(text.AsSpan(0, length), 0, knownLength: text.Length);
            sequence.RunChunk(text.AsSpan(0, length));
        }

        Feed(sequence, text, 1);
        Assert.That(cache.Widths, Is.EqualTo(new[] { 3, 3, 3, 3 }));
        Assert.That(sequence.Reusable(12, 13), Is.EqualTo(12));
        Assert.That(sequence.Reusable(5, 6), Is.Zero, "a short text takes other factors");
    }

    [TestCase(16, new[] { 16 })]
    [TestCase(17, new[] { 15, 2 })]
    [TestCase(33, new[] { 31, 2 })]
    [TestCase(82, new[] { 64, 18 })]
    [TestCase(113, new[] { 64, 47, 2 })]
    public void No_run_leaves_one_row_to_a_block_of_attention(int length, int[] widths)
    {
        var cache = new RecordingCache(block: 16);
        using var sequence = new OnnxSequence(cache, bitIdentical: true);
        Feed(sequence, [.. Enumerable.Range(0, length)], 1);
        Assert.That(cache.Widths, Is.EqualTo(widths));
    }

    [TestCase(64, new[] { 64 })]
    [TestCase(65, new[] { 63, 2 })]
    [TestCase(66, new[] { 64, 2 })]
    [TestCase(129, new[] { 64, 63, 2 })]
    public void A_long_prompt_never_leaves_one_row_to_its_last_chunk(int length, int[] widths)
    {
        var cache = new RecordingCache();
        using var sequence = new OnnxSequence(cache, bitIdentical: true);
        Feed(sequence, [.. Enumerable.Range(0, length)], 1);
        Assert.That(cache.Widths, Is.EqualTo(widths));
    }

    private static void Ask(RecordingCache cache, OnnxSequence sequence, int[] text, int rowsWanted, bool fails)
    {
        cache.FailsNext = fails;
        try
        {
            sequence.Rewind(text, rowsWanted);
            int read = text.Length - rowsWanted;
            while (sequence.RunChunk(text))
            {
                for (; read < sequence.Ids.Length; read++)
                {
                    if (read >= sequence.ReadableStart)
                        Assert.That(sequence.LogitsAfter(read).ToArray(), Is.EqualTo(text.Take(read + 1).Select(id => (float)id)));
                }
            }

            Assert.That(sequence.Ids.ToArray(), Is.EqualTo(text));
            Assert.That(read, Is.EqualTo(text.Length), "every row that was wanted could be read");
        }
        catch (ModelRunException)
        {
            Assert.That(fails, Is.True);
        }
    }

    private static void Feed(OnnxSequence sequence, int[] text, int rowsWanted)
    {
        sequence.Rewind(text, rowsWanted);
        while (sequence.RunChunk(text))
        {
        }
    }
}
