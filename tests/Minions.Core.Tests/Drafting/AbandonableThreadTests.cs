using Microsoft.Extensions.Time.Testing;
using Minions.Core.Drafting;

namespace Minions.Core.Tests.Drafting;

/// <summary>A job is waited for until the limit has passed on the injected clock, and no longer.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class AbandonableThreadTests : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    private readonly FakeTimeProvider _time = new();
    private readonly SemaphoreSlim _gate = new(0);
    private Action _job = () => { };
    private int _returned;
    private int _farewells;

    // A thread that a failed test left there may still look at the gate.
    public void Dispose() => _gate.Release();

    [Test]
    public async Task Jobs_run_one_after_another_on_one_thread_that_is_not_the_callers()
    {
        AbandonableThread thread = Open();
        var ran = new List<int>();
        _job = () => ran.Add(Environment.CurrentManagedThreadId);
        for (int i = 0; i < 100; i++)
            Assert.That(thread.TryRun(), Is.True);

        Assert.That(ran, Has.Count.EqualTo(100));
        Assert.That(ran.Distinct().Single(), Is.Not.EqualTo(Environment.CurrentManagedThreadId));
        Assert.That(await thread.EndAsync(TimeSpan.Zero, Farewell), Is.True);
        Assert.That((_returned, _farewells), Is.EqualTo((0, 0)));
    }

    [Test]
    public async Task A_job_beyond_the_limit_is_abandoned_and_the_thread_comes_back_with_it()
    {
        AbandonableThread thread = Open();
        _job = Hang;
        Assert.That(thread.TryRun(), Is.False);
        Assert.That((thread.IsAway, _returned), Is.EqualTo((true, 0)));

        _gate.Release();
        HangingDraft.WaitFor(() => !thread.IsAway);
        Assert.That(_returned, Is.EqualTo(1), "first what the job held is freed");

        _job = () => { };
        Assert.That(thread.TryRun(), Is.True);
        Assert.That(await thread.EndAsync(TimeSpan.Zero, Farewell), Is.True);
        Assert.That(_returned, Is.EqualTo(1));
    }

    [Test]
    public async Task Time_that_earlier_jobs_took_does_not_count()
    {
        AbandonableThread thread = Open();
        _job = () => _time.Advance(Limit * 0.9);
        for (int i = 0; i < 10; i++)
            Assert.That(thread.TryRun(), Is.True);
        Assert.That(await thread.EndAsync(TimeSpan.Zero, Farewell), Is.True);
    }

    [Test]
    public async Task A_timer_that_comes_early_or_for_an_earlier_job_abandons_nothing()
    {
        var hasty = new HastyTime();
        AbandonableThread thread = Open(hasty);
        _job = () =>
        {
            FireInVain();
            FireInVain();
        };
        for (int i = 0; i < 10; i++)
            Assert.That(thread.TryRun(), Is.True);

        _job = () =>
        {
            FireInVain();
            hasty.Advance(Limit);
            hasty.Fire();
            _gate.Wait();
        };
        Assert.That(thread.TryRun(), Is.False);
        _gate.Release();
        HangingDraft.WaitFor(() => !thread.IsAway);
        Assert.That(await thread.EndAsync(TimeSpan.Zero, Farewell), Is.True);

        // Whoever waits has looked at the clock and set the timer anew when this returns.
        void FireInVain()
        {
            int settings = hasty.Settings;
            hasty.Fire();
            HangingDraft.WaitFor(() => hasty.Settings > settings || thread.IsAway);
        }
    }

    [Test]
    public async Task The_end_waits_for_an_abandoned_job_as_long_as_it_may_have()
    {
        AbandonableThread thread = Open();
        _job = Hang;
        thread.TryRun();
        Task<bool> end = thread.EndAsync(Limit, Farewell);
        _time.Advance(Limit / 2);
        Assert.That(end.IsCompleted, Is.False);

        _gate.Release();
        Assert.That(await end, Is.True);
        Assert.That((_returned, _farewells), Is.EqualTo((1, 0)));
    }

    [Test]
    public async Task A_job_that_is_left_behind_says_farewell_when_it_returns([Values(0, 5)] int patience)
    {
        AbandonableThread thread = Open();
        _job = Hang;
        thread.TryRun();
        Task<bool> end = thread.EndAsync(TimeSpan.FromSeconds(patience), Farewell);
        _time.Advance(Limit);
        Assert.That(await end, Is.False);
        Assert.That((_returned, _farewells), Is.EqualTo((0, 0)));

        _gate.Release();
        HangingDraft.WaitFor(() => Volatile.Read(ref _farewells) == 1);
        Assert.That(_returned, Is.EqualTo(1));
    }

    [Test]
    public async Task A_thread_that_never_had_a_job_ends_at_once() =>
        Assert.That(await Open().EndAsync(Limit, Farewell), Is.True);

    private AbandonableThread Open(TimeProvider? time = null) => new("test", () => _job(), () => Interlocked.Increment(ref _returned), Limit, time ?? _time);

    private void Hang()
    {
        _time.Advance(Limit);
        _gate.Wait();
    }

    private void Farewell() => Interlocked.Increment(ref _farewells);

    /// <summary>A clock whose timers come when the test says so.</summary>
    private sealed class HastyTime : TimeProvider
    {
        private long _now;
        private TimerCallback? _callback;
        private object? _state;

        private int _settings;

        /// <summary>How often a timer was set.</summary>
        public int Settings => Volatile.Read(ref _settings);

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Interlocked.Read(ref _now);

        public void Advance(TimeSpan by) => Interlocked.Add(ref _now, by.Ticks);

        public void Fire() => _callback!(_state);

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            (_callback, _state) = (callback, state);
            return new Timer(this);
        }

        private sealed class Timer(HastyTime time) : ITimer
        {
            public bool Change(TimeSpan dueTime, TimeSpan period) => Interlocked.Increment(ref time._settings) > 0;

            public void Dispose()
            {
            }

            public ValueTask DisposeAsync() => ValueTask.CompletedTask;
        }
    }
}
