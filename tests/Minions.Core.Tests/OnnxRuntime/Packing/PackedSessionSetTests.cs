using Minions.Core.OnnxRuntime.Packing;

namespace Minions.Core.Tests.OnnxRuntime.Packing;

public sealed class PackedSessionSetTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [TestCase(2, 2)]
    [TestCase(3, 4)]
    [TestCase(5, 8)]
    [TestCase(9, 16)]
    [TestCase(16, 16)]
    [TestCase(40, 16)]
    public async Task The_smallest_size_that_takes_all_requests_is_made_and_no_other(int requests, int made)
    {
        using var maker = new Maker();
        using var sessions = new PackedSessionSet<Size>(16, maker.Make);
        Assert.That(sessions.For(requests), Is.Null, "nothing is there yet");
        await sessions.Settled.WaitAsync(Patience);

        Assert.That(sessions.For(requests)?.Slots, Is.EqualTo(made));
        Assert.That(maker.Made, Is.EqualTo(new[] { made }));
    }

    [Test]
    public async Task Sizes_at_hand_serve_while_a_larger_one_is_made()
    {
        using var maker = new Maker();
        using var sessions = new PackedSessionSet<Size>(16, maker.Make);
        sessions.For(4);
        await sessions.Settled.WaitAsync(Patience);

        maker.Gate.Reset();
        Assert.That(sessions.For(5)?.Slots, Is.EqualTo(4), "five run as four and one");
        Assert.That(maker.Entered.Wait(Patience), Is.True);
        Assert.That(sessions.For(8)?.Slots, Is.EqualTo(4));
        Assert.That(sessions.For(3)?.Slots, Is.EqualTo(4));
        maker.Gate.Set();
        await sessions.Settled.WaitAsync(Patience);
        Assert.That(sessions.For(5)?.Slots, Is.EqualTo(8));
        Assert.That(sessions.For(2)?.Slots, Is.EqualTo(4), "a larger one serves until the right one is there");
    }

    [Test]
    public async Task What_is_asked_for_while_another_is_made_is_made_after_it()
    {
        using var maker = new Maker();
        using var sessions = new PackedSessionSet<Size>(16, maker.Make);
        maker.Gate.Reset();
        sessions.For(16);
        Assert.That(maker.Entered.Wait(Patience), Is.True);
        sessions.For(2);
        sessions.For(7);
        maker.Gate.Set();
        await sessions.Settled.WaitAsync(Patience);

        Assert.That(maker.Made, Is.EqualTo(new[] { 16, 2, 8 }));
    }

    [Test]
    public async Task A_refused_size_is_never_tried_again_and_smaller_ones_stand_in()
    {
        using var maker = new Maker { Refused = 8 };
        using var sessions = new PackedSessionSet<Size>(16, maker.Make);
        for (int i = 0; i < 3; i++)
        {
            sessions.For(8);
            await sessions.Settled.WaitAsync(Patience);
        }

        Assert.That(sessions.For(8)?.Slots, Is.EqualTo(4));
        Assert.That(maker.Made, Is.EqualTo(new[] { 8, 4 }));
    }

    [Test]
    public async Task Disposal_stops_the_size_in_the_making_and_waits_for_its_end()
    {
        using var maker = new Maker();
        var sessions = new PackedSessionSet<Size>(16, maker.Make);
        sessions.For(2);
        await sessions.Settled.WaitAsync(Patience);
        Size ready = sessions.For(2)!;

        maker.Gate.Reset();
        sessions.For(4);
        sessions.For(16);
        Assert.That(maker.Entered.Wait(Patience), Is.True);
        await Task.Run(sessions.Dispose).WaitAsync(Patience);

        Assert.That(maker.Cancelled, Is.EqualTo(1), "the one in the making; the one behind it was never begun");
        Assert.That(ready.IsDisposed, Is.True);
    }

    private sealed class Size(int slots) : IDisposable
    {
        public int Slots => slots;

        public bool IsDisposed { get; private set; }

        public void Dispose() => IsDisposed = true;
    }

    private sealed class Maker : IDisposable
    {
        public ManualResetEventSlim Gate { get; } = new(true);

        public SemaphoreSlim Entered { get; } = new(0);

        public List<int> Made { get; } = [];

        public int Cancelled { get; private set; }

        public int Refused { get; init; }

        public Size? Make(int slots, CancellationToken cancellationToken)
        {
            Made.Add(slots);
            if (!Gate.IsSet)
                Entered.Release();
            try
            {
                Gate.Wait(cancellationToken);
            }
            catch (OperationCanceledException)
            {
                Cancelled++;
                throw;
            }

            return slots == Refused ? null : new Size(slots);
        }

        public void Dispose()
        {
            Gate.Dispose();
            Entered.Dispose();
        }
    }
}
