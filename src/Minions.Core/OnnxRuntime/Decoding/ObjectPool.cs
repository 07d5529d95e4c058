namespace Minions.Core.OnnxRuntime.Decoding;

/// <summary>
/// Reuses objects that are expensive to make: fresh memory costs a page fault for every four kilobytes, bindings and buffers a native call
/// each. It keeps as many as were ever rented at once. The last one returned is rented first: it is most likely still in the processor's
/// cache. Safe to use from several threads.
/// </summary>
/// <param name="make">Makes another object.</param>
internal sealed class ObjectPool<T>(Func<T> make) : IDisposable
    where T : class
{
    private readonly Stack<T> _free = [];
    private readonly Lock _gate = new();
    private int _rented;

    /// <summary>How many objects are rented.</summary>
    public int Rented
    {
        get
        {
            lock (_gate)
                return _rented;
        }
    }

    public T Rent()
    {
        lock (_gate)
        {
            _rented++;
            if (_free.TryPop(out T? pooled))
                return pooled;
        }

        return make();
    }

    public void Return(T rented)
    {
        lock (_gate)
        {
            _rented--;
            _free.Push(rented);
        }
    }

    /// <summary>Disposes the objects that are not rented.</summary>
    public void Dispose()
    {
        while (_free.TryPop(out T? pooled))
            (pooled as IDisposable)?.Dispose();
    }
}
