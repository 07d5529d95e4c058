using Minions.Core.Generation;

namespace Minions.Core.Tests.Generation;

public class FinishReasonTests
{
    [Test]
    public void Reasons_are_equal_when_their_names_are_whatever_the_case()
    {
        var own = new FinishReason("Content_Filter");

        Assert.Multiple(() =>
        {
            Assert.That(own, Is.EqualTo(new FinishReason("content_filter")));
            Assert.That(own.GetHashCode(), Is.EqualTo(new FinishReason("content_filter").GetHashCode()));
            Assert.That(own == FinishReason.Length, Is.False);
            Assert.That(own.ToString(), Is.EqualTo("Content_Filter"), "the name stays as it was given");
        });
    }

    [Test]
    public void The_known_reasons_and_the_default_differ_from_each_other() =>
        Assert.That(new[] { default, FinishReason.EndToken, FinishReason.StopSequence, FinishReason.Length }, Is.Unique);

    [Test]
    public void A_reason_without_a_name_is_refused([Values("", " ")] string name) =>
        Assert.That(() => new FinishReason(name), Throws.ArgumentException);
}
