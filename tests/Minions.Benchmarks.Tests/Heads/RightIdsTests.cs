using Minions.Benchmarks.Heads;
using Minions.Core.Sampling;

namespace Minions.Benchmarks.Tests.Heads;

public sealed class RightIdsTests
{
    [Test]
    public void The_texts_id_is_chosen_and_whether_it_was_the_models_is_noted()
    {
        int[] text = [7, 2, 0, 9];
        var rightIds = new RightIds(text);
        TokenSelector selector = TokenSelector.Create(new SamplingOptions { LogitsProcessors = [rightIds] }, promptLength: 1);
        float[] prefersTwo = [1, 0, 5];

        int[] chosen = [.. Enumerable.Range(1, 4).Select(position => selector.Select(position, Enumerable.Range(0, position).ToArray(), prefersTwo))];

        Assert.That(chosen, Is.EqualTo(new[] { 2, 0, 2, 2 }), "an id without a column cannot be forced, and behind the text nothing is");
        Assert.That(rightIds.Right, Is.EqualTo(new[] { true, false, false }));
    }
}
