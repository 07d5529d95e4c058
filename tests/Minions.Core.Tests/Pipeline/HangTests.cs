using Microsoft.Extensions.Time.Testing;
using Minions.Core.Drafting.Ngram;
using Minions.Core.Generation;
using Minions.Core.Pipeline;
using Minions.Core.Speculation;

namespace Minions.Core.Tests.Pipeline;

/// <summary>A draft that hangs stalls no request for longer than the limit, and what it holds is freed when it lets go of it.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class HangTests : IDisposable
{
    private static readonly int[] Prompt = [1, 2, 3];
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);
    private static readonly GenerationOptions Options = new() { MaxOutputTokens = 60 };

    private readonly FakeTimeProvider _time = new();
    private readonly TabularTarget _target = new(Tables.Scrambled);
    private readonly LogLines<SpeculativePipeline> _log = new();

    public void Dispose() => _target.Dispose();

    [Test]
    public void The_round_goes_on_without_it_and_later_ones_do_not_wait([Values] bool atOpening)
    {
        HangingDraft hung = Hanging(call: atOpening ? 1 : 5);
        var sound = new TabularDraft("sound", Tables.Scrambled);
        using SteppedEngine engine = Engine(hung, sound);
        GenerationResult result = engine.Run(Prompt, Options);

        Assert.That(result.TokenIds, Is.EqualTo(_target.Decode(Prompt, 60)));
        Assert.That(result.Statistics.Drafts.Select(draft => draft.Faults), Is.EqualTo(new[] { 1, 0 }));
        Assert.That(result.Statistics.AcceptedTokens, Is.GreaterThan(40), "the other draft goes on");
        Assert.That(_time.GetUtcNow() - _time.Start, Is.EqualTo(Limit), "one wait for all rounds");
        Assert.That(_log.Written, Is.EqualTo(new[] { "A call of draft 'hung' has not returned within 00:00:05: rounds go on without the draft until it does." }));

        // Another request does not even call it.
        int calls = hung.Calls;
        result = engine.Run(Prompt, Options);
        Assert.That((hung.Calls, result.Statistics.Drafts[0].Faults), Is.EqualTo((calls, 0)));
        Assert.That(hung.OpenSequences, Is.EqualTo(1), "what is in the call is the call's");
        hung.LetReturn();

        // A sequence that is only being opened is freed once the call has given it out.
        HangingDraft.WaitFor(() => hung.OpenSequences == 0);
        Assert.That(hung.Offences, Is.Empty);
    }

    [Test]
    public void When_the_call_returns_the_draft_takes_part_again()
    {
        HangingDraft hung = Hanging(call: 3);
        using SteppedEngine engine = Engine(hung);
        engine.Run(Prompt, Options);
        int calls = hung.Calls;
        hung.LetReturn();

        // The thread is on its way back.
        HangingDraft.WaitFor(() =>
        {
            Assert.That(engine.Run(Prompt, Options).TokenIds, Is.EqualTo(_target.Decode(Prompt, 60)));
            return hung.Calls > calls;
        });
        Assert.That(engine.Run(Prompt, Options).Statistics.AcceptedTokens, Is.GreaterThan(40));
        Assert.That((hung.OpenSequences, hung.Offences.Count), Is.EqualTo((0, 0)));
    }

    [Test]
    public void Requests_of_the_batch_that_were_not_in_the_call_lose_nothing()
    {
        // Of the three that a round asks for one after another the first hangs in the second round.
        int proposals = 0;
        var hung = new HangingDraft("hung", Tables.Scrambled) { OnHang = () => _time.Advance(Limit), Hangs = isOpening => !isOpening && ++proposals == 4 };
        var wide = new HangingDraft("wide", Tables.MostlyRight(50, 1)) { MaxBatchSize = 3 };
        using SteppedEngine engine = Engine(hung, wide);
        Task<GenerationResult>[] calls = [.. Enumerable.Range(0, 3).Select(i => engine.Submit([i], Options))];
        while (!hung.IsHanging)
            engine.Step();

        Assert.That(hung.OpenSequences, Is.EqualTo(3));
        hung.LetReturn();
        Assert.That(hung.OpenSequences, Is.EqualTo(2));
        while (engine.Step())
        {
        }

        GenerationResult[] results = [.. calls.Select(call => call.WaitAsync(TimeSpan.FromMinutes(1)).GetAwaiter().GetResult())];
        for (int i = 0; i < results.Length; i++)
            Assert.That(results[i].TokenIds, Is.EqualTo(_target.Decode([i], 60)));
        Assert.That(results.Select(result => result.Statistics.Drafts[0].Faults), Is.EqualTo(new[] { 1, 0, 0 }));
        Assert.That((hung.Offences.Count, wide.Offences.Count), Is.EqualTo((0, 0)));
    }

    [Test]
    public void The_wait_is_not_held_against_the_drafts()
    {
        HangingDraft hung = Hanging(call: 5);
        var heard = new ListeningController();
        using var engine = new SteppedEngine(
            new PipelineComponents { Target = _target, Drafts = [hung, new TabularDraft("sound", Tables.Scrambled)], LengthController = heard },
            time: _time, draftTimeLimit: Limit);
        engine.Run(Prompt, Options);

        Assert.That(hung.IsHanging, Is.True);
        Assert.That(heard.DraftTimes, Has.Count.GreaterThan(5).And.All.EqualTo(TimeSpan.Zero));
        hung.LetReturn();
    }

    [Test]
    public async Task Disposal_leaves_the_call_behind_and_frees_all_else_at_once()
    {
        HangingDraft hung = Hanging(call: 5);
        var other = new HangingDraft("other", Tables.Scrambled);
        var entered = new TaskCompletionSource();
        var target = new TabularTarget(Tables.Scrambled, contextLength: 1 << 20) { BeforeVerify = _ => { if (hung.IsHanging) entered.TrySetResult(); } };
        var pipeline = new SpeculativePipeline(
            new PipelineComponents { Target = target, Drafts = [hung, other], LengthController = new FixedSpeculationLength(3) },
            new PipelineOptions { DraftTimeLimit = Limit, DraftThreads = 1 },
            _log,
            _time);
        Task<GenerationResult> running = pipeline.GenerateAsync(Prompt, Options with { MaxOutputTokens = 1 << 19 });
        await entered.Task;
        Task disposal = pipeline.DisposeAsync().AsTask();
        Assert.That(async () => await running, Throws.TypeOf<ObjectDisposedException>());
        while (!disposal.IsCompleted)
        {
            _time.Advance(Limit);
            await Task.Yield();
        }

        await disposal;
        Assert.That((target.IsDisposed, other.Disposals, hung.Disposals), Is.EqualTo((true, 1, 0)));
        Assert.That((target.OpenSequences, other.OpenSequences, hung.OpenSequences), Is.EqualTo((0, 0, 1)));
        Assert.That(_log.Written, Has.Count.EqualTo(2).And.One.Contains("'hung' did not return within 00:00:05 of being told to stop"));

        hung.LetReturn();
        HangingDraft.WaitFor(() => hung.Disposals == 1);
        Assert.That((hung.OpenSequences, hung.Offences.Count, other.Offences.Count), Is.EqualTo((0, 0, 0)));
    }

    [Test]
    public async Task Disposal_waits_for_a_call_that_returns_in_time([Values] bool leaveOpen)
    {
        HangingDraft hung = Hanging(call: 2);
        var engine = new SteppedEngine(new PipelineComponents { Target = _target, Drafts = [hung], LeaveOpen = leaveOpen }, time: _time, draftTimeLimit: Limit);
        engine.Run(Prompt, Options);
        Task disposal = engine.DisposeAsync();
        Assert.That(disposal.IsCompleted, Is.False);
        hung.LetReturn();
        await disposal.WaitAsync(TimeSpan.FromMinutes(1));

        Assert.That((hung.Disposals, hung.OpenSequences, hung.Offences.Count), Is.EqualTo((leaveOpen ? 0 : 1, 0, 0)));
    }

    [Test]
    public void A_model_that_outlives_the_pipeline_is_not_disposed_by_its_call()
    {
        HangingDraft hung = Hanging(call: 2);
        using (var engine = new SteppedEngine(new PipelineComponents { Target = _target, Drafts = [hung], LeaveOpen = true }, time: _time, draftTimeLimit: Limit))
            engine.Run(Prompt, Options);
        hung.LetReturn();

        Assert.That((hung.Disposals, hung.OpenSequences, hung.Offences.Count), Is.EqualTo((0, 0, 0)));
    }

    [Test]
    public void Without_a_limit_a_draft_runs_where_the_library_s_own_do([Values] bool limited)
    {
        int thread = 0;
        var draft = new TabularDraft("own", prefix =>
        {
            thread = Environment.CurrentManagedThreadId;
            return Tables.Scrambled(prefix);
        });
        using SteppedEngine engine = new(new PipelineComponents { Target = _target, Drafts = [draft, new NgramDraft()] }, time: _time, draftTimeLimit: limited ? Limit : null);
        engine.Run(Prompt, Options);

        Assert.That(thread, limited ? Is.Not.EqualTo(Environment.CurrentManagedThreadId) : Is.EqualTo(Environment.CurrentManagedThreadId));
    }

    [Test]
    public void Limits_of_no_time_and_of_days_are_refused()
    {
        foreach (TimeSpan limit in new[] { TimeSpan.Zero, -Limit, Timeout.InfiniteTimeSpan, TimeSpan.FromDays(2) })
            Assert.That(() => new PipelineOptions { DraftTimeLimit = limit }.Settle(), Throws.ArgumentException.With.Message.Contains("PipelineOptions.DraftTimeLimit is "));
        foreach (TimeSpan? limit in new TimeSpan?[] { null, TimeSpan.FromMilliseconds(1), TimeSpan.FromDays(1) })
            Assert.That(() => new PipelineOptions { DraftTimeLimit = limit }.Settle(), Throws.Nothing);
    }

    private HangingDraft Hanging(int call)
    {
        int calls = 0;
        return new HangingDraft("hung", Tables.Scrambled) { OnHang = () => _time.Advance(Limit), Hangs = _ => ++calls == call };
    }

    private SteppedEngine Engine(params IDraftModel[] drafts) => new(
        new PipelineComponents { Target = _target, Drafts = drafts, LengthController = new FixedSpeculationLength(3) },
        time: _time, draftTimeLimit: Limit, logger: _log);

    private sealed class ListeningController : ISpeculationLengthController, ISpeculationLengthPlanner
    {
        public List<TimeSpan> DraftTimes { get; } = [];

        public ISpeculationLengthPlanner OpenRequest(SpeculationLimits limits) => this;

        public SpeculationPlan Plan(in RoundOutlook outlook) => new(3);

        public void Observe(SpeculationRound round) => DraftTimes.Add(round.DraftTime);
    }
}
