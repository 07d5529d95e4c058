using Minions.Core.Pipeline;

namespace Minions.Core.Tests.Pipeline;

public class SharedLoadTests
{
    [Test]
    public async Task Concurrent_callers_share_one_load()
    {
        var source = new TaskCompletionSource<string>();
        int loads = 0;
        var shared = Shared(_ => { loads++; return source.Task; });
        Task<string> first = shared.GetAsync(default);
        Task<string> second = shared.GetAsync(default);
        source.SetResult("loaded");

        Assert.That((await first, await second, loads), Is.EqualTo(("loaded", "loaded", 1)));
        Assert.That(shared.Value, Is.EqualTo("loaded"));
    }

    [Test]
    public async Task A_failed_load_is_tried_again()
    {
        int loads = 0;
        var shared = Shared(_ => ++loads == 1 ? Task.FromException<string>(new ModelLoadException("missing")) : Task.FromResult("loaded"));

        Assert.That(async () => await shared.GetAsync(default), Throws.TypeOf<ModelLoadException>());
        Assert.That(await shared.GetAsync(default), Is.EqualTo("loaded"));
    }

    [Test]
    public async Task One_caller_giving_up_does_not_stop_the_others_load()
    {
        using var impatient = new CancellationTokenSource();
        var source = new TaskCompletionSource<string>();
        CancellationToken seen = default;
        var shared = Shared(token => { seen = token; return source.Task; });
        Task<string> leaving = shared.GetAsync(impatient.Token);
        Task<string> staying = shared.GetAsync(default);
        await impatient.CancelAsync();

        Assert.That(async () => await leaving, Throws.InstanceOf<OperationCanceledException>());
        Assert.That(seen.IsCancellationRequested, Is.False);
        source.SetResult("loaded");
        Assert.That(await staying, Is.EqualTo("loaded"));
    }

    [Test]
    public async Task When_the_last_caller_gives_up_the_load_is_cancelled_and_what_still_came_is_freed()
    {
        using var impatient = new CancellationTokenSource();
        var source = new TaskCompletionSource<string>();
        var freed = new TaskCompletionSource<string>();
        CancellationToken seen = default;
        int loads = 0;
        var shared = new SharedLoad<string>(
            token => { seen = token; return ++loads == 1 ? source.Task : Task.FromResult("second"); },
            value => { freed.SetResult(value); return ValueTask.CompletedTask; });
        Task<string> only = shared.GetAsync(impatient.Token);
        await impatient.CancelAsync();
        Assert.That(async () => await only, Throws.InstanceOf<OperationCanceledException>());
        Assert.That(seen.IsCancellationRequested, Is.True);

        Assert.That(await shared.GetAsync(default), Is.EqualTo("second"), "the next caller tries anew");
        source.SetResult("first");
        Assert.That(await freed.Task, Is.EqualTo("first"));
    }

    private static SharedLoad<string> Shared(Func<CancellationToken, Task<string>> load) => new(load, _ => ValueTask.CompletedTask);
}
