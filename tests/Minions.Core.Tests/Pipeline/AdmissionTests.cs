using Minions.Core.Generation;
using Minions.Core.Pipeline;

namespace Minions.Core.Tests.Pipeline;

public sealed class AdmissionTests
{
    private static readonly GenerationOptions Ten = new() { MaxOutputTokens = 10 };

    [Test]
    public async Task A_call_that_finds_the_queue_full_ends_at_once_and_harms_no_other()
    {
        var target = new TabularTarget(Tables.Scrambled);
        using var engine = new SteppedEngine(new PipelineComponents { Target = target }, new PipelineOptions { MaxConcurrentRequests = 1, MaxQueuedRequests = 1 });
        Task<GenerationResult> working = engine.Submit([1], Ten);
        Task<GenerationResult> waiting = engine.Submit([2], Ten);
        Task<GenerationResult> refused = engine.Submit([3], Ten);

        Assert.That(async () => await refused, Throws.TypeOf<PipelineBusyException>().With.Message.Contains("MaxQueuedRequests"));
        Assert.That((await Finish(engine, working)).TokenIds, Is.EqualTo(target.Decode([1], 10)));
        Assert.That((await Finish(engine, waiting)).TokenIds, Is.EqualTo(target.Decode([2], 10)));
        Assert.That((await Finish(engine, engine.Submit([3], Ten))).TokenIds, Is.EqualTo(target.Decode([3], 10)));
    }

    [Test]
    public async Task Without_a_queue_only_free_places_are_taken()
    {
        var target = new TabularTarget(Tables.Scrambled);
        using var engine = new SteppedEngine(new PipelineComponents { Target = target }, new PipelineOptions { MaxConcurrentRequests = 2, MaxQueuedRequests = 0 });
        Task<GenerationResult>[] taken = [engine.Submit([1], Ten), engine.Submit([2], Ten)];

        Assert.That(async () => await engine.Submit([3], Ten), Throws.TypeOf<PipelineBusyException>());
        foreach (Task<GenerationResult> call in taken)
            Assert.That((await Finish(engine, call)).TokenIds, Has.Count.EqualTo(10));
    }

    [Test]
    public async Task Draining_disposal_lets_work_end_and_refuses_what_waits()
    {
        var target = new TabularTarget(Tables.Scrambled);
        var options = new PipelineOptions { MaxConcurrentRequests = 1, DrainOnDispose = true };
        Task<GenerationResult> working, waiting;
        using (var engine = new SteppedEngine(new PipelineComponents { Target = target }, options))
        {
            working = engine.Submit([1], Ten);
            waiting = engine.Submit([2], Ten);
            engine.Step();
        }

        Assert.That((await working).TokenIds, Is.EqualTo(target.Decode([1], 10)));
        Assert.That(async () => await waiting, Throws.TypeOf<ObjectDisposedException>());
        Assert.That((target.OpenSequences, target.IsDisposed), Is.EqualTo((0, true)));
    }

    [Test]
    public async Task A_long_prompt_is_taken_in_between_the_rounds_of_others()
    {
        var verified = new List<(int Ids, int Rows)>();
        var target = new TabularTarget(Tables.Scrambled) { BeforeVerify = request => verified.Add((request.Ids.Length, request.RowsWanted)) };
        int[] prompt = [.. Enumerable.Range(0, 200).Select(i => i % Tables.Vocabulary)];
        using var engine = new SteppedEngine(new PipelineComponents { Target = target });
        Task<GenerationResult> itsOwn = engine.Submit(prompt, Ten);
        Task<GenerationResult> another = engine.Submit([1, 2], Ten);

        Assert.That((await Finish(engine, itsOwn)).TokenIds, Is.EqualTo(target.Decode(prompt, 10)));
        Assert.That((await Finish(engine, another)).TokenIds, Is.EqualTo(target.Decode([1, 2], 10)));
        Assert.That(verified.Take(7), Is.EqualTo(new[] { (64, 0), (2, 1), (128, 0), (3, 1), (192, 0), (4, 1), (200, 1) }));
    }

    private static async Task<GenerationResult> Finish(SteppedEngine engine, Task<GenerationResult> call)
    {
        // A call that waits for admission comes in by way of the thread pool.
        while (!call.IsCompleted)
        {
            engine.Step();
            await Task.Yield();
        }

        return await call;
    }
}
