using Minions.Core.OnnxRuntime.Decoding;

namespace Minions.Core.OnnxRuntime.Packing;

/// <summary>
/// Runs several requests together: each run takes the next rows of as many as the session has slots for. Finished requests leave, the others
/// go on. A fault ends the request it belongs to and no other. Used by one thread at a time; reused.
/// </summary>
/// <param name="packed">What runs several at once; <see langword="null"/> to run them one after another.</param>
internal sealed class RunBatch(PackedDecoder? packed)
{
    private BatchItem?[] _items = new BatchItem?[PackedSession.MaxSlots];
    private int _count;

    /// <summary>Adds a request and prepares its sequence.</summary>
    public void Add(BatchItem item)
    {
        try
        {
            if (!item.Begin())
                return;
        }
        catch (Exception fault)
        {
            item.Fail(fault);
            return;
        }

        if (_count == _items.Length)
            Array.Resize(ref _items, _count * 2);
        _items[_count++] = item;
    }

    /// <summary>Runs until every request is finished.</summary>
    /// <param name="cancellationToken">Checked between two runs; requests that are not finished then fail with it.</param>
    public void Run(CancellationToken cancellationToken)
    {
        ShareRows();
        while (_count > 0)
        {
            for (int done = 0; done < _count;)
                done += RunSome(_items.AsSpan(done, _count - done));

            KeepUnfinished(cancellationToken);
            ShareRows();
        }
    }

    /// <summary>Forgets the requests of a batch that came to no end, as when one of its sequences is another model's.</summary>
    public void Clear()
    {
        Array.Clear(_items, 0, _count);
        _count = 0;
    }

    private void ShareRows()
    {
        int wholeRows = 0;
        int longPrompts = 0;
        for (int i = 0; i < _count; i++)
        {
            int left = _items[i]!.RowsLeft;
            if (left > RowBudget.MaxWholeRows)
                longPrompts++;
            else
                wholeRows += left;
        }

        int share = RowBudget.ShareOf(wholeRows, longPrompts);
        for (int i = 0; i < _count; i++)
            _items[i]!.RowLimit = _items[i]!.RowsLeft > RowBudget.MaxWholeRows ? share : RowBudget.MaxWholeRows;
    }

    // One run, with as many of the items as the best session has slots for. Finished items are replaced by null.
    private int RunSome(Span<BatchItem?> items)
    {
        if (items.Length == 1 || packed?.Sessions?.For(items.Length) is not { } session)
        {
            RunAlone(ref items[0]);
            return 1;
        }

        items = items[..Math.Min(items.Length, session.Slots)];
        RunTogether(items, session, packed.Rows);
        return items.Length;
    }

    private static void RunTogether(Span<BatchItem?> items, PackedSession session, ObjectPool<PackedRows> memory)
    {
        PackedFrame frame = session.Rent();
        PackedRows rows = memory.Rent();
        try
        {
            if (!TryRun(frame, items, rows))
            {
                // Which of them it was shows when each runs alone.
                foreach (ref BatchItem? item in items)
                    RunAlone(ref item);
                return;
            }

            foreach (ref BatchItem? item in items)
                Read(ref item);
        }
        finally
        {
            session.Return(frame);
            memory.Return(rows);
        }
    }

    private static bool TryRun(PackedFrame frame, ReadOnlySpan<BatchItem?> items, PackedRows rows)
    {
        try
        {
            foreach (BatchItem? item in items)
                item!.TakeRows();
            frame.Run(items, rows);
        }
        catch (Exception)
        {
            return false;
        }

        foreach (BatchItem? item in items)
            item!.Complete();
        return true;
    }

    private static void RunAlone(ref BatchItem? item)
    {
        try
        {
            item!.RowLimit = OnnxDecoder.PrefillChunk;
            item.RunAlone();
        }
        catch (Exception fault)
        {
            item!.Fail(fault);
            item = null;
            return;
        }

        Read(ref item);
    }

    private static void Read(ref BatchItem? item)
    {
        try
        {
            if (!item!.Read())
                item = null;
        }
        catch (Exception fault)
        {
            item!.Fail(fault);
            item = null;
        }
    }

    private void KeepUnfinished(CancellationToken cancellationToken)
    {
        int kept = 0;
        for (int i = 0; i < _count; i++)
        {
            if (_items[i] is { } item && MayGoOn(item, cancellationToken))
                _items[kept++] = item;
        }

        Array.Clear(_items, kept, _count - kept);
        _count = kept;
    }

    private static bool MayGoOn(BatchItem item, CancellationToken cancellationToken)
    {
        try
        {
            cancellationToken.ThrowIfCancellationRequested();
            item.ThrowIfCancelled();
            return true;
        }
        catch (OperationCanceledException cancelled)
        {
            item.Fail(cancelled);
            return false;
        }
    }
}
