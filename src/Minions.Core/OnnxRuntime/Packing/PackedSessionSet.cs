using System.Numerics;

namespace Minions.Core.OnnxRuntime.Packing;

/// <summary>
/// The sessions for 2, 4, 8 and 16 requests, each made when it is first asked for. That takes a while, so a task of its own makes it, and the
/// sizes made before serve until then. Safe to use from several threads.
/// </summary>
/// <typeparam name="T">The kind of session; there is one of each size.</typeparam>
internal sealed class PackedSessionSet<T> : IDisposable
    where T : class, IDisposable
{
    private readonly Func<int, CancellationToken, T?> _make;
    private readonly int _sizes;
    private readonly T?[] _ready;
    private readonly State[] _states;
    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _closing = new();
    private Task _making = Task.CompletedTask;
    private bool _isClosed;

    /// <param name="most">The largest size, a power of two.</param>
    /// <param name="make">Makes a session for a number of requests; null or an exception where it cannot be made.</param>
    public PackedSessionSet(int most, Func<int, CancellationToken, T?> make)
    {
        _make = make;
        _sizes = BitOperations.Log2((uint)most) + 1;
        _ready = new T?[_sizes];
        _states = new State[_sizes];
    }

    private enum State
    {
        Unasked,
        Asked,
        Ready,
        Refused,
    }

    /// <summary>Completes when nothing that was asked for is still to be made.</summary>
    public Task Settled
    {
        get
        {
            lock (_gate)
                return _making;
        }
    }

    /// <summary>The best session made so far for a number of requests: the smallest that takes all, or else the largest.</summary>
    /// <param name="requests">The requests that wait, at least 2.</param>
    /// <returns>The session, or null where none has been made.</returns>
    public T? For(int requests)
    {
        int wanted = Math.Min(_sizes - 1, BitOperations.Log2((uint)requests - 1) + 1);
        if (Volatile.Read(ref _ready[wanted]) is { } exact)
            return exact;

        AskFor(wanted);
        for (int size = wanted + 1; size < _sizes; size++)
        {
            if (Volatile.Read(ref _ready[size]) is { } larger)
                return larger;
        }

        for (int size = wanted - 1; size > 0; size--)
        {
            if (Volatile.Read(ref _ready[size]) is { } smaller)
                return smaller;
        }

        return null;
    }

    /// <summary>Does something with each session made so far.</summary>
    public void ForEach<TArgument>(TArgument argument, Action<T, TArgument> action)
    {
        for (int size = 1; size < _sizes; size++)
        {
            if (Volatile.Read(ref _ready[size]) is { } ready)
                action(ready, argument);
        }
    }

    /// <summary>Stops what is being made, waits for its end, and disposes all sessions. None may be in use.</summary>
    public void Dispose()
    {
        Task making;
        lock (_gate)
        {
            if (_isClosed)
                return;
            _isClosed = true;
            making = _making;
        }

        _closing.Cancel();
        making.Wait();
        _closing.Dispose();
        foreach (T? ready in _ready)
            ready?.Dispose();
    }

    // In place of a size that cannot be made the next smaller one is.
    private void AskFor(int size)
    {
        lock (_gate)
        {
            while (size > 0 && _states[size] == State.Refused)
                size--;
            if (_isClosed || size == 0 || _states[size] != State.Unasked)
                return;

            _states[size] = State.Asked;
            if (_making.IsCompleted)
                _making = Task.Factory.StartNew(MakeAll, CancellationToken.None, TaskCreationOptions.LongRunning | TaskCreationOptions.DenyChildAttach, TaskScheduler.Default);
        }
    }

    private void MakeAll()
    {
        while (NextAsked() is { } size)
        {
            T? made = Make(1 << size);
            lock (_gate)
            {
                _states[size] = made is null ? State.Refused : State.Ready;
                Volatile.Write(ref _ready[size], made);
            }
        }
    }

    private int? NextAsked()
    {
        lock (_gate)
        {
            int size = _isClosed ? -1 : Array.IndexOf(_states, State.Asked);
            if (size >= 0)
                return size;

            // The task ends: the next request for a size starts another one.
            _making = Task.CompletedTask;
            return null;
        }
    }

    private T? Make(int slots)
    {
        try
        {
            return _make(slots, _closing.Token);
        }
        catch (Exception)
        {
            return null;
        }
    }
}
