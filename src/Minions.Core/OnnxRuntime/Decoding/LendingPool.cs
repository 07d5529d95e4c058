namespace Minions.Core.OnnxRuntime.Decoding;

/// <summary>
/// Lends what is dear to make: memory of megabytes costs a page fault for every four kilobytes, bindings and buffers a call each. As many
/// pieces stay as were ever lent at once; the one given back last, which caches and bindings know best, is lent first. Safe to use from
/// several threads.
/// </summary>
/// <param name="make">Makes another piece.</param>
internal sealed class LendingPool<T>(Func<T> make) : IDisposable
    where T : class
{
    private readonly Stack<T> _free = [];
    private readonly Lock _gate = new();
    private int _lent;

    /// <summary>How many pieces are lent.</summary>
    public int Lent
    {
        get
        {
            lock (_gate)
                return _lent;
        }
    }

    public T Rent()
    {
        lock (_gate)
        {
            _lent++;
            if (_free.TryPop(out T? piece))
                return piece;
        }

        return make();
    }

    public void Return(T piece)
    {
        lock (_gate)
        {
            _lent--;
            _free.Push(piece);
        }
    }

    /// <summary>Disposes what is not lent.</summary>
    public void Dispose()
    {
        while (_free.TryPop(out T? piece))
            (piece as IDisposable)?.Dispose();
    }
}
