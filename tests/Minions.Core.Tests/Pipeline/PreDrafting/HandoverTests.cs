using System.Threading.Channels;
using Minions.Core.Drafting;
using Minions.Core.Generation;
using Minions.Core.Pipeline;
using Minions.Core.Speculation;

namespace Minions.Core.Tests.Pipeline.PreDrafting;

/// <summary>
/// A step ahead is held up on a thread of its own while the test's thread drives the verify stage: whatever the request comes to meanwhile, it
/// waits for the end of the step, and nobody else does.
/// </summary>
public class HandoverTests
{
    private const int DraftLane = 0;
    private const int VerifyLane = 1;
    private const int Tokens = 20;

    private static readonly int[] Prompt = [1, 2, 3];

    [Test]
    public async Task A_verified_round_is_committed_when_the_step_has_ended()
    {
        using var held = new HeldStep();
        Assert.That(held.Engine.Step(VerifyLane), Is.True);
        Assert.That((held.Target.Verifications, held.Delivered), Is.EqualTo((2, 1)), "prompt and round were verified, but the round waits");
        Assert.That(held.Engine.Step(VerifyLane), Is.False);

        await held.ReleaseAsync();
        Assert.That(held.Engine.Step(VerifyLane), Is.True);
        Assert.That((held.Target.Verifications, held.Delivered), Is.EqualTo((2, 5)), "three accepted and the target's own");
        held.RunToTheEnd();
        Assert.That((await held.Run).TokenIds, Is.EqualTo(held.Target.Decode(Prompt, Tokens)));
    }

    [Test]
    public async Task A_text_that_ends_meanwhile_leaves_its_sequences_when_the_step_has_ended()
    {
        using var held = new HeldStep(endsWithFirstRound: true);
        held.Engine.Step(VerifyLane);
        Assert.That(held.Run.IsCompleted, Is.False);

        await held.ReleaseAsync();
        held.RunToTheEnd();
        GenerationResult result = await held.Run;
        Assert.That(result.FinishReason, Is.EqualTo(FinishReason.EndToken));
        Assert.That(result.TokenIds, Is.EqualTo(held.Target.Decode(Prompt, result.TokenIds.Count)));
    }

    [Test]
    public async Task Cancellation_waits_for_the_step([Values] bool beforeVerification)
    {
        using var held = new HeldStep();
        if (beforeVerification)
            await held.Cancellation.CancelAsync();
        held.Engine.Step(VerifyLane);
        await held.Cancellation.CancelAsync();
        Assert.That(held.Target.Verifications, Is.EqualTo(beforeVerification ? 1 : 2));
        Assert.That((held.Run.IsCompleted, held.Draft.OpenSequences), Is.EqualTo((false, 1)));

        await held.ReleaseAsync();
        held.RunToTheEnd();
        Assert.That(async () => await held.Run, Throws.InstanceOf<OperationCanceledException>());
        Assert.That(held.Draft.OpenSequences, Is.Zero);
    }

    [Test]
    public async Task A_failing_target_ends_the_request_when_the_step_has_ended()
    {
        using var held = new HeldStep(targetFails: true);
        held.Engine.Step(VerifyLane);
        Assert.That((held.Run.IsCompleted, held.Draft.OpenSequences), Is.EqualTo((false, 1)));

        await held.ReleaseAsync();
        held.RunToTheEnd();
        Assert.That(async () => await held.Run, Throws.TypeOf<ModelRunException>());
        Assert.That(held.Draft.OpenSequences, Is.Zero);
    }

    [Test]
    public async Task Disposal_waits_for_the_step([Values] bool isVerified)
    {
        using var held = new HeldStep();
        if (isVerified)
            held.Engine.Step(VerifyLane);
        var disposal = Task.Factory.StartNew(held.Engine.Dispose, TaskCreationOptions.LongRunning);
        await held.ReleaseAsync();
        await disposal.WaitAsync(TimeSpan.FromSeconds(60));
        Assert.That(async () => await held.Run, Throws.TypeOf<ObjectDisposedException>());
    }

    [Test]
    public async Task Another_request_is_verified_meanwhile_and_drafted_for_before_the_next_step()
    {
        using var held = new HeldStep();
        held.Engine.Step(VerifyLane);
        var other = Channel.CreateUnbounded<GeneratedToken>();
        Task<GenerationResult> run = held.Engine.Submit([4, 5], new GenerationOptions { MaxOutputTokens = 10 }, other.Writer, CancellationToken.None);
        Assert.That(held.Engine.Step(VerifyLane), Is.True);
        Assert.That(other.Reader.TryRead(out _), Is.True, "its first id is there");

        await held.ReleaseAsync();
        int asked = held.Asked;
        Assert.That(held.Engine.Step(DraftLane), Is.True);
        Assert.That(held.Asked, Is.EqualTo(asked + 1));
        Assert.That(held.LastContext, Is.EqualTo(3), "the other's prompt and its first id");
        held.RunToTheEnd();
        Assert.That((await held.Run).TokenIds, Is.EqualTo(held.Target.Decode(Prompt, Tokens)));
        Assert.That((await run).TokenIds, Is.EqualTo(held.Target.Decode([4, 5], 10)));
    }

    [TestCase(null)]
    [TestCase(false)]
    [TestCase(true)]
    public async Task Lanes_of_their_own_threads_keep_every_text_exact(bool? draftAhead)
    {
        var target = new TabularTarget(Tables.Scrambled) { IsReusable = true };
        TabularDraft[] drafts = [.. Enumerable.Range(0, 3).Select(i => new TabularDraft($"d{i}", Tables.MostlyRight(85, i)) { SupportsPreDrafting = i > 0 })];
        await using (var pipeline = new SpeculativePipeline(
            new PipelineComponents { Target = target, Drafts = drafts, LeaveOpen = true },
            new PipelineOptions { Speculation = { DraftSelection = DraftSelection.All }, PreDraft = draftAhead, Processors = 4 }))
        {
            for (int i = 0; i < 40; i++)
            {
                // Alone for the most part, with company and cancellations now and then.
                using var cancellation = new CancellationTokenSource();
                Task<GenerationResult> run = pipeline.GenerateAsync([i % 7, 2], new GenerationOptions { MaxOutputTokens = 150 });
                if (i % 4 == 3)
                {
                    Task<GenerationResult> other = pipeline.GenerateAsync([i % 5], new GenerationOptions { MaxOutputTokens = 100 }, cancellation.Token);
                    await cancellation.CancelAsync();
                    await ((Task)other).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                }

                Assert.That((await run).TokenIds, Is.EqualTo(target.Decode([i % 7, 2], 150)));
            }
        }

        Assert.That(drafts.Select(draft => (draft.OpenSequences, draft.Misuses)), Is.All.EqualTo((0, 0)));
        Assert.That(target.OpenSequences, Is.Zero);
    }

    /// <summary>A request whose first chain is about to be verified, and a first step ahead of it that does not end before it is released.</summary>
    private sealed class HeldStep : IDisposable
    {
        private readonly SemaphoreSlim _entered = new(0);
        private readonly SemaphoreSlim _release = new(0);
        private readonly Channel<GeneratedToken> _tokens = Channel.CreateUnbounded<GeneratedToken>();
        private readonly Task<bool> _step;

        public HeldStep(bool endsWithFirstRound = false, bool targetFails = false)
        {
            Target = new TabularTarget(Tables.Scrambled)
            {
                IsReusable = true,
                BeforeVerify = request => _ = targetFails && request.RowsWanted > 1 ? throw new ModelRunException("no memory") : request,
            };
            Draft = new TabularDraft("held up", Tables.Scrambled) { SupportsPreDrafting = true, BeforePropose = HoldFirstStep };
            Engine = new SteppedEngine(
                new PipelineComponents
                {
                    Target = Target,
                    Drafts = [Draft],
                    LengthController = new FixedSpeculationLength(3),
                    EndTokens = endsWithFirstRound ? [.. Target.Decode(Prompt, 5)[1..].Except(Target.Decode(Prompt, 1))] : [],
                    LeaveOpen = true,
                },
                new PipelineOptions { Speculation = { DraftSelection = DraftSelection.All }, PreDraft = true });
            Run = Engine.Submit(Prompt, new GenerationOptions { MaxOutputTokens = Tokens }, _tokens.Writer, Cancellation.Token);
            Assert.That(Engine.Step(VerifyLane), Is.True, "the prompt is verified and the first chain drafted");
            _step = Task.Factory.StartNew(() => Engine.Step(DraftLane), TaskCreationOptions.LongRunning);
            Assert.That(_entered.Wait(TimeSpan.FromSeconds(60)), Is.True);
        }

        public TabularTarget Target { get; }

        public TabularDraft Draft { get; }

        public SteppedEngine Engine { get; }

        public CancellationTokenSource Cancellation { get; } = new();

        public Task<GenerationResult> Run { get; }

        public int Delivered => _tokens.Reader.Count;

        public int Asked { get; private set; }

        public int LastContext { get; private set; }

        public async Task ReleaseAsync()
        {
            _release.Release();
            Assert.That(await _step.WaitAsync(TimeSpan.FromSeconds(60)), Is.True);
        }

        public void RunToTheEnd()
        {
            while (Engine.Step())
            {
            }
        }

        public void Dispose()
        {
            _release.Release();
            Engine.Dispose();
            Assert.That((Draft.OpenSequences, Draft.Misuses, Target.OpenSequences), Is.EqualTo((0, 0, 0)));
            Cancellation.Dispose();
            _entered.Dispose();
            _release.Dispose();
            Target.Dispose();
            Draft.Dispose();
        }

        // The first ask is for the round, the second the first step ahead.
        private void HoldFirstStep(DraftRequest request)
        {
            LastContext = request.Context.Length;
            if (++Asked != 2)
                return;

            _entered.Release();
            _release.Wait();
        }
    }
}
