using Minions.Core.Generation;
using Minions.Core.Verification;

namespace Minions.Core.Tests.Verification;

public class VerificationRequestTests
{
    [Test]
    public void Choices_stop_at_the_first_id_the_target_would_not_have_chosen()
    {
        using var sequence = new NoSequence();
        var request = new VerificationRequest(sequence, new SequenceOptions());
        request.Prepare(new[] { 5, 1, 2 }, rowsWanted: 3);

        Assert.That(request.Choose([0, 1, 0]), Is.True, "the target chooses 1, as the chain does");
        Assert.That(request.Choose([1, 0, 0]), Is.False, "the target chooses 0 where the chain has 2");
        Assert.That(request.Choices.ToArray(), Is.EqualTo(new[] { 1, 0 }));
        Assert.That(() => request.Choose([1, 0, 0]), Throws.InvalidOperationException, "what stands behind a mismatch must not be judged");
    }

    [Test]
    public void A_row_nobody_asked_for_is_refused()
    {
        using var sequence = new NoSequence();
        var request = new VerificationRequest(sequence, new SequenceOptions());
        request.Prepare(new[] { 5 }, rowsWanted: 0);

        Assert.That(() => request.Choose([0, 1]), Throws.InvalidOperationException);
    }

    private sealed class NoSequence : ITargetSequence
    {
        public void Dispose()
        {
        }
    }
}
