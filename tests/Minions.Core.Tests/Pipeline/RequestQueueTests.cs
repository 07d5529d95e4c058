using Microsoft.Extensions.Logging.Abstractions;
using Minions.Core.Generation;
using Minions.Core.Pipeline;
using Minions.Core.Speculation;
using Minions.Core.Voting;

namespace Minions.Core.Tests.Pipeline;

internal sealed class RequestQueueTests
{
    [Test]
    public void A_request_that_finds_the_queue_full_fails_and_says_so()
    {
        var queue = new RequestQueue("drafting", capacity: 2);
        RequestState[] requests = [.. Enumerable.Range(0, 3).Select(_ => Request())];

        Assert.That(requests.Select(queue.Add), Is.EqualTo(new[] { true, true, false }));
        Assert.That(() => requests[2].Completion, Throws.InvalidOperationException.With.Message.Contains("wait for drafting was full with 2"));
        Assert.That(requests.Take(2).Select(request => request.Completion.IsCompleted), Has.All.False);
        Assert.That(queue.TryTake(out RequestState? first) && first == requests[0], Is.True);
        Assert.That((queue.Add(Request()), queue.Count, queue.IsEmpty), Is.EqualTo((true, 2, false)));
    }

    [Test]
    public void The_intermediate_pool_counts_no_chain_that_it_had_no_room_for()
    {
        bool resumed = false;
        var pool = new VerificationQueue(capacity: 1, batchSize: 1, () => resumed = true);
        RequestState[] requests = [Request(), Request()];
        foreach (RequestState request in requests)
        {
            request.Round!.ChainLength = 1;
            pool.Add(request);
        }

        Assert.That(requests[1].Completion.IsFaulted, Is.True);
        Assert.That(pool.MustPauseDrafting(), Is.True);
        Assert.That(pool.TryTake(out _), Is.True);
        pool.BatchTaken();
        Assert.That((resumed, pool.MustPauseDrafting()), Is.EqualTo((true, false)));
    }

    private static RequestState Request()
    {
        PipelineComponents components = new PipelineComponents
        {
            Target = new TabularTarget(Tables.Scrambled),
            Drafts = [new TabularDraft("draft", Tables.Scrambled)],
        }.Settle();
        int[] prompt = [1];
        GenerationOptions options = GenerationOptions.Default;
        var output = new RequestOutput(components, prompt, options, StopSequenceSet.None, new DraftNameSets([]), reader: null);
        var knowledge = new PolicyKnowledge(1, components.VotingPolicy, new FixedSpeculationLength(3), DraftWeighting.FullInformation, runsAllDrafts: true);
        var setup = new RequestSetup(components, new PipelineOptions(), prompt, options, output, knowledge, PreDraftExperiment: null, NullLogger.Instance, CancellationToken.None);
        return new RequestState(setup) { StartedAt = 0 };
    }
}
