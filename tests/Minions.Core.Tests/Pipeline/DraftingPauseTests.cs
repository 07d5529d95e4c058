using Minions.Core.Generation;
using Minions.Core.Pipeline;
using Minions.Core.Speculation;

namespace Minions.Core.Tests.Pipeline;

/// <summary>Drafting pauses while the intermediate pool holds a verification batch (Minions, arXiv 2402.15678, section 4.3).</summary>
public sealed class DraftingPauseTests
{
    private const int DraftLane = 0;
    private const int VerifyLane = 1;

    private static readonly GenerationOptions Twenty = new() { MaxOutputTokens = 20 };

    [Test]
    public void No_draft_runs_while_a_verification_batch_waits()
    {
        int drafted = 0;
        var target = new TabularTarget(Tables.Scrambled) { MaxBatchSize = 2 };
        using var engine = new SteppedEngine(Components(target, () => drafted++), Options());
        Task<GenerationResult>[] calls = [.. Enumerable.Range(1, 5).Select(i => engine.Submit([i], Twenty))];
        while (engine.Step(VerifyLane))
        {
        }

        // Their prompts are in. Two chains make a batch, three drafts are not run.
        Assert.That((engine.Step(DraftLane), engine.Step(DraftLane), drafted), Is.EqualTo((true, true, 2)));
        Assert.That((engine.Step(DraftLane), engine.Step(DraftLane), drafted), Is.EqualTo((false, false, 2)));

        // The two are being verified, or have been.
        engine.Step(VerifyLane);
        Assert.That((engine.Step(DraftLane), engine.Step(DraftLane), engine.Step(DraftLane), drafted), Is.EqualTo((true, true, false, 4)));
        Finish(engine, target, calls);
    }

    [Test]
    public void Requests_that_decode_plainly_do_not_keep_others_from_drafting([Values(1, 2)] int batch)
    {
        var target = new TabularTarget(Tables.Scrambled) { MaxBatchSize = batch };
        using var engine = new SteppedEngine(Components(target, () => { }), Options());
        Task<GenerationResult>[] plain = [.. Enumerable.Range(1, 4).Select(i => engine.Submit([i], Twenty with { Speculate = false }))];
        Task<GenerationResult> drafting = engine.Submit([5], Twenty);
        while (!drafting.IsCompleted)
        {
            engine.Step();

            // What the engine has finished another thread reports; no step is made while that is waited for.
            Assert.That(Array.TrueForAll(plain, call => !call.IsCompleted) || drafting.Wait(TimeSpan.FromSeconds(30)), "its chains are right, so it comes first");
        }

        Finish(engine, target, [.. plain, drafting]);
    }

    [Test]
    public async Task Many_requests_come_to_their_ends_on_real_threads([Values] bool overlaps, [Values(1, 3)] int batch)
    {
        var target = new TabularTarget(Tables.Scrambled) { MaxBatchSize = batch };
        PipelineOptions options = Options();
        options.OverlapDrafting = overlaps;
        options.MaxConcurrentRequests = 8;
        await using var pipeline = new SpeculativePipeline(Components(target, () => { }), options);
        GenerationResult[] results = await Task.WhenAll(Enumerable.Range(0, 200).Select(i =>
            pipeline.GenerateAsync([i % Tables.Vocabulary, 3], Twenty with { Speculate = i % 3 != 0 }))).WaitAsync(TimeSpan.FromSeconds(60));
        for (int i = 0; i < results.Length; i++)
            Assert.That(results[i].TokenIds, Is.EqualTo(target.Decode([i % Tables.Vocabulary, 3], 20)));
    }

    private static PipelineComponents Components(TabularTarget target, Action onDraft) => new()
    {
        Target = target,
        Drafts = [new TabularDraft("draft", prefix =>
        {
            onDraft();
            return Tables.Scrambled(prefix);
        })],
        LengthController = new FixedSpeculationLength(1),
    };

    private static PipelineOptions Options() => new() { Speculation = { DraftSelection = DraftSelection.All }, OverlapDrafting = true };

    private static void Finish(SteppedEngine engine, TabularTarget target, Task<GenerationResult>[] calls)
    {
        while (engine.Step())
        {
        }

        for (int i = 0; i < calls.Length; i++)
            Assert.That(calls[i].WaitAsync(TimeSpan.FromSeconds(30)).GetAwaiter().GetResult().TokenIds, Is.EqualTo(target.Decode([i + 1], 20)));
    }
}
