using Minions.Benchmarks.Replay;

namespace Minions.Benchmarks.Tests.Replay;

public sealed class RecordedAgreementTests
{
    [Test]
    public void It_is_the_share_of_right_ids_where_all_before_were_right()
    {
        Recording recording = RandomRecording.Of(seed: 1, 1, 0, 0.8);

        Assert.Multiple(() =>
        {
            Assert.That(RecordedAgreement.Of(recording.Texts, 0), Is.EqualTo(Enumerable.Repeat(0.99, Recording.ProposalLength)));
            Assert.That(RecordedAgreement.Of(recording.Texts, 1), Is.EqualTo(new[] { 0.01 }));
            Assert.That(RecordedAgreement.Of(recording.Texts, 2)[0], Is.EqualTo(recording.Texts.SelectMany(text => text.Proposals[2].Select((proposal, i) => proposal.Ids[0] == text.Ids[i + 1] ? 1.0 : 0)).Average()));
            Assert.That(RecordedAgreement.Of(recording.Texts, 2), Has.Length.GreaterThan(1).And.All.EqualTo(0.8).Within(0.15));
        });
    }
}
