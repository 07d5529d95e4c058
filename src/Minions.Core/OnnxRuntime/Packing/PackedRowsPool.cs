using Minions.Core.OnnxRuntime.Decoding;

namespace Minions.Core.OnnxRuntime.Packing;

/// <summary>Lends the memory for rows to runs of several texts: as many blocks as runs were ever in flight at once. Safe to use from several threads.</summary>
internal sealed class PackedRowsPool(OnnxDecoder decoder) : IDisposable
{
    // Last in, first out: the block that most bindings know already.
    private readonly Stack<PackedRows> _free = [];
    private readonly Lock _gate = new();

    public PackedRows Rent()
    {
        lock (_gate)
        {
            if (_free.TryPop(out PackedRows? rows))
                return rows;
        }

        return new PackedRows(decoder);
    }

    public void Return(PackedRows rows)
    {
        lock (_gate)
            _free.Push(rows);
    }

    public void Dispose()
    {
        foreach (PackedRows rows in _free)
            rows.Dispose();
        _free.Clear();
    }
}
