using Minions.Core.OnnxRuntime.Decoding;
using Minions.Core.OnnxRuntime.Packing;

namespace Minions.Core.Tests.OnnxRuntime.Packing;

public sealed class RowBudgetTests
{
    [TestCase(0, 1, 64)]
    [TestCase(8, 2, 60)]
    [TestCase(0, 16, 8)]
    [TestCase(300, 3, 8)]
    public void Long_prompts_share_what_verifications_leave(int wholeRows, int longPrompts, int share) =>
        Assert.That(RowBudget.ShareOf(wholeRows, longPrompts), Is.EqualTo(share));

    [Test]
    public void A_share_is_never_too_narrow_for_a_chunk_nor_wider_than_one() =>
        Assert.That(
            from whole in Enumerable.Range(0, 200) from prompts in Enumerable.Range(0, 17) select RowBudget.ShareOf(whole, prompts),
            Has.All.InRange(3, OnnxDecoder.PrefillChunk));
}
