namespace Minions.Core.Tests.Pipeline;

/// <summary>
/// Thousands of random interleavings of submitting, stepping single stages, reading, cancelling, faults, hanging drafts and disposal, over the
/// production stages on one thread. Whatever survives has its exact text, and nothing stays open.
/// </summary>
public sealed class InterleavingTests
{
    [Test]
    public async Task Every_surviving_text_is_exact_and_nothing_stays_open([Range(0, 19)] int block)
    {
        int hangs = 0, leftBehind = 0, finished = 0;
        for (int seed = block * 100; seed < (block + 1) * 100; seed++)
        {
            using var interleaving = new Interleaving(seed);
            await interleaving.RunAsync();
            hangs += interleaving.Hangs;
            leftBehind += interleaving.LeftBehind;
            finished += interleaving.Finished;
        }

        // Else these would be the laws of another story.
        Assert.That(hangs, Is.GreaterThan(10));
        Assert.That(leftBehind, Is.Positive);
        Assert.That(finished, Is.GreaterThan(50));
    }
}
