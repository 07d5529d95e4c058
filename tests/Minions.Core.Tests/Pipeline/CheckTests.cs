using Microsoft.Extensions.Time.Testing;
using Minions.Core.Generation;
using Minions.Core.Pipeline;
using Minions.Core.Tests.Diagnostics;

namespace Minions.Core.Tests.Pipeline;

/// <summary>A check tells whether target and drafts answer, and leaves no trace.</summary>
internal sealed class CheckTests
{
    private static readonly GenerationOptions Ten = new() { MaxOutputTokens = 10, SpeculationLength = 1 };

    [Test]
    public void A_pipeline_that_works_has_lost_no_draft_and_counts_nothing()
    {
        using var meters = new RecordedMeters();
        var target = new TabularTarget(Tables.Scrambled) { IsReusable = true };
        var asked = new WillingDraft("asked");
        var learning = new TabularDraft("learning", Tables.Scrambled);
        using var engine = new SteppedEngine(new PipelineComponents { Target = target, Drafts = [asked, learning] }, meters: meters);
        PipelineHealth health = engine.Check();

        Assert.That(health.LostDrafts, Is.Empty);
        Assert.That((asked.Calls > 0, learning.Proposals, target.Verifications > 1), Is.EqualTo((true, 0, true)), "a draft that learns from texts is left alone");
        Assert.That((meters.Tags.Count, target.OpenSequences, engine.Held), Is.EqualTo((0, 0, 0)));
        Assert.That(engine.Run([8, 5], Ten).Usage.ReusedPromptTokens, Is.Zero);
    }

    [Test]
    public void A_draft_is_lost_from_a_call_that_fails_until_one_that_does_not()
    {
        bool fails = true;
        var draft = new TabularDraft("failing", prefix => fails ? throw new InvalidOperationException("broken") : Tables.Scrambled(prefix));
        using var engine = new SteppedEngine(new PipelineComponents { Target = new TabularTarget(Tables.Scrambled), Drafts = [new WillingDraft("sound"), draft] });
        Assert.That(engine.Check().LostDrafts, Is.Empty, "it was not asked yet");

        engine.Run([1], Ten);
        Assert.That(engine.Check().LostDrafts, Is.EqualTo(new[] { "failing" }));
        fails = false;
        Assert.That(engine.Check().LostDrafts, Is.Empty, "one that is lost is asked again");
    }

    [Test]
    public void A_draft_that_hangs_is_lost_until_its_call_returns()
    {
        var time = new FakeTimeProvider();
        TimeSpan limit = TimeSpan.FromSeconds(5);
        bool hangs = true;
        var hung = new HangingDraft("hung", Tables.Scrambled) { Hangs = _ => hangs, OnHang = () => time.Advance(limit) };
        using var engine = new SteppedEngine(new PipelineComponents { Target = new TabularTarget(Tables.Scrambled), Drafts = [hung] }, time: time, draftTimeLimit: limit);
        engine.Run([1], Ten);
        Assert.That(engine.Check().LostDrafts, Is.EqualTo(new[] { "hung" }));

        hangs = false;
        hung.LetReturn();
        HangingDraft.WaitFor(() => engine.Check().LostDrafts.Count == 0);
        Assert.That(hung.Offences, Is.Empty);
    }

    [Test]
    public async Task It_answers_while_the_pipeline_is_full_and_others_wait()
    {
        using var over = new CancellationTokenSource();
        using var engine = new SteppedEngine(
            new PipelineComponents { Target = new TabularTarget(Tables.Scrambled, contextLength: 1 << 20), Drafts = [new WillingDraft("sound")] },
            new PipelineOptions { MaxConcurrentRequests = 1, MaxQueuedRequests = 1 });
        GenerationOptions endless = new() { MaxOutputTokens = 1 << 19 };
        Task<GenerationResult>[] calls = [engine.Submit([1], endless, over.Token), engine.Submit([2], endless, over.Token)];
        Task<PipelineHealth> check = engine.CheckAsync();
        while (!check.IsCompleted)
            engine.Step();

        Assert.That((await check).LostDrafts, Is.Empty);
        Assert.That(calls, Has.None.Property(nameof(Task.IsCompleted)).True);
        await over.CancelAsync();
        foreach (Task call in calls)
        {
            while (!call.IsCompleted)
                engine.Step();
            Assert.That(() => call, Throws.InstanceOf<OperationCanceledException>());
        }
    }

    [Test]
    public async Task A_target_that_fails_fails_the_check_and_what_is_not_loaded_or_stopped_cannot_be_checked()
    {
        await using var broken = new SpeculativePipeline(
            new PipelineComponents { Target = new TabularTarget(Tables.Scrambled) { BeforeVerify = _ => throw new InvalidOperationException("broken") } });
        Assert.That(() => broken.CheckAsync(), Throws.TypeOf<ModelRunException>().With.Message.Contains("broken"));

        await using var pipeline = new SpeculativePipeline(_ => Task.FromResult(new PipelineComponents { Target = Counting.Target() }));
        Assert.That(() => pipeline.CheckAsync(), Throws.InvalidOperationException.With.Message.Contains("LoadAsync"));
        await pipeline.LoadAsync();
        Assert.That((await pipeline.CheckAsync()).LostDrafts, Is.Empty);
        await pipeline.StopAsync();
        Assert.That(() => pipeline.CheckAsync(), Throws.TypeOf<PipelineStoppedException>());
        await pipeline.DisposeAsync();
        Assert.That(() => pipeline.CheckAsync(), Throws.TypeOf<ObjectDisposedException>());
    }

    [Test]
    public async Task A_target_that_hangs_does_not_hold_up_who_gives_up_waiting()
    {
        using var reached = new SemaphoreSlim(0);
        using var go = new SemaphoreSlim(0);
        using var over = new CancellationTokenSource();
        var target = new TabularTarget(Tables.Scrambled)
        {
            BeforeVerify = _ =>
            {
                reached.Release();
                go.Wait();
            },
        };
        await using var pipeline = new SpeculativePipeline(new PipelineComponents { Target = target });
        Task<PipelineHealth> check = pipeline.CheckAsync(over.Token);
        await reached.WaitAsync();
        await over.CancelAsync();

        Assert.That(() => check, Throws.InstanceOf<OperationCanceledException>());
        go.Release(100);
    }

    private sealed class WillingDraft(string name) : DelegatingDraftModel(new TabularDraft(name, Tables.Scrambled))
    {
        public int Calls { get; private set; }

        public override bool WantsWarmUp => true;

        public override void Propose(ReadOnlySpan<Core.Drafting.DraftRequest> batch, CancellationToken cancellationToken)
        {
            Calls++;
            base.Propose(batch, cancellationToken);
        }
    }
}
