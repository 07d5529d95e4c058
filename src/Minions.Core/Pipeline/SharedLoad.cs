using System.Diagnostics.CodeAnalysis;

namespace Minions.Core.Pipeline;

/// <summary>
/// Loads something once for all who ask. A caller who gives up stops waiting; when the last one does, the load itself is cancelled. After a
/// failure or a cancellation the next caller tries anew.
/// </summary>
/// <param name="load">Loads the value.</param>
/// <param name="discard">Frees a value that was loaded although nobody waited for it any more.</param>
internal sealed class SharedLoad<T>(Func<CancellationToken, Task<T>> load, Func<T, ValueTask> discard)
    where T : class
{
    private readonly Lock _gate = new();
    private Attempt? _attempt;
    private bool _isClosed;

    /// <summary>The loaded value, or <see langword="null"/> before.</summary>
    public T? Value => _attempt is { Task.IsCompletedSuccessfully: true } attempt ? attempt.Task.Result : null;

    public Task<T> GetAsync(CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
            return Task.FromCanceled<T>(cancellationToken);

        lock (_gate)
        {
            if (_isClosed)
                return Task.FromCanceled<T>(new CancellationToken(canceled: true));
            if (_attempt is null or { IsAbandoned: true } or { Task: { IsCompleted: true, IsCompletedSuccessfully: false } })
                _attempt = new Attempt(load, discard, _gate);
            if (_attempt.Task.IsCompletedSuccessfully)
                return _attempt.Task;

            _attempt.Waiters++;
            return WaitAsync(_attempt, cancellationToken);
        }
    }

    /// <summary>Cancels a load that is under way and starts none any more.</summary>
    /// <returns>The last load, for whoever has to wait until it is over, or <see langword="null"/> when there was none.</returns>
    public Task? Close()
    {
        lock (_gate)
        {
            _isClosed = true;
            _attempt?.Abandon();
            return _attempt?.Task;
        }
    }

    private async Task<T> WaitAsync(Attempt attempt, CancellationToken cancellationToken)
    {
        try
        {
            return await attempt.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            lock (_gate)
            {
                if (--attempt.Waiters == 0)
                    attempt.Abandon();
            }
        }
    }

    /// <summary>One try. All members are used under the gate.</summary>
    [SuppressMessage("Reliability", "CA1001", Justification = "The source is disposed when the load is over.")]
    private sealed class Attempt
    {
        private readonly Lock _gate;
        private CancellationTokenSource? _cancellation = new();

        public Attempt(Func<CancellationToken, Task<T>> load, Func<T, ValueTask> discard, Lock gate)
        {
            _gate = gate;
            Task = RunAsync(load, discard, _cancellation.Token);
        }

        public Task<T> Task { get; }

        public int Waiters { get; set; }

        public bool IsAbandoned { get; private set; }

        /// <summary>Cancels the load, unless it is over.</summary>
        public void Abandon()
        {
            if (_cancellation is null)
                return;

            IsAbandoned = true;
            _cancellation.Cancel();
        }

        private async Task<T> RunAsync(Func<CancellationToken, Task<T>> load, Func<T, ValueTask> discard, CancellationToken cancellationToken)
        {
            T value;
            try
            {
                value = await load(cancellationToken).ConfigureAwait(false);
            }
            catch
            {
                Settle();
                throw;
            }

            if (!Settle())
                return value;

            await discard(value).ConfigureAwait(false);
            throw new OperationCanceledException(cancellationToken);
        }

        private bool Settle()
        {
            lock (_gate)
            {
                _cancellation?.Dispose();
                _cancellation = null;
                return IsAbandoned;
            }
        }
    }
}
