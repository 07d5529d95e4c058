using CsCheck;
using Minions.Benchmarks.EndToEnd.Scenarios;
using Minions.Core.Drafting;

namespace Minions.Benchmarks.Tests.EndToEnd.Scenarios;

public sealed class SlowDraftTests
{
    private static readonly TimeSpan Delay = TimeSpan.FromMilliseconds(7);

    [Test]
    public void It_proposes_what_the_real_draft_does_and_waits_once_for_every_run() => DraftRound.Any.Array[1, 5].Sample(rounds =>
    {
        var waits = new List<TimeSpan>();
        SlowDraft draft = Draft(waits.Add);
        DraftRequest[] batch = [.. rounds.Select(round => round.Open(draft))];
        draft.Propose(batch, CancellationToken.None);
        return batch.All(request => request.Proposal.Tokens.SequenceEqual(Enumerable.Range(0, request.Length).ToArray()))
            && waits.SequenceEqual(Enumerable.Repeat(Delay, rounds.Max(round => round.Length)));
    });

    [Test]
    public void It_stops_waiting_when_it_is_told_to()
    {
        using var stop = new CancellationTokenSource();
        int waits = 0;
        SlowDraft draft = Draft(_ =>
        {
            if (++waits == 2)
                stop.Cancel();
        });

        Assert.That(() => draft.Propose([new DraftRound([1], 9).Open(draft)], stop.Token), Throws.InstanceOf<OperationCanceledException>());
        Assert.That(waits, Is.EqualTo(2));
    }

    private static SlowDraft Draft(Action<TimeSpan> wait) => new(new ScriptedDraft(request => request.Length), Delay, wait);
}
