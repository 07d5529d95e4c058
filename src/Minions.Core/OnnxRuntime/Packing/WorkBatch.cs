using Minions.Core.OnnxRuntime.Decoding;

namespace Minions.Core.OnnxRuntime.Packing;

/// <summary>
/// Works on several requests at once: each run takes the next rows of as many as there are slots. Requests that have what they wanted leave,
/// the others go on. A fault ends the request it belongs to and no other. Used by one thread at a time; reused.
/// </summary>
/// <param name="packed">What runs several at once; <see langword="null"/> to run them one after another.</param>
internal sealed class WorkBatch(PackedDecoder? packed)
{
    private SequenceWork?[] _works = new SequenceWork?[SlotSession.MostSlots];
    private int _count;

    /// <summary>Takes a request in and readies its sequence.</summary>
    public void Add(SequenceWork work)
    {
        try
        {
            if (!work.Begin())
                return;
        }
        catch (Exception fault)
        {
            work.Fail(fault);
            return;
        }

        if (_count == _works.Length)
            Array.Resize(ref _works, _count * 2);
        _works[_count++] = work;
    }

    /// <summary>Runs until every request has what it wanted.</summary>
    /// <param name="cancellationToken">Looked at between two runs; what is not ready then fails with it.</param>
    public void Run(CancellationToken cancellationToken)
    {
        ShareRows();
        while (_count > 0)
        {
            for (int done = 0; done < _count;)
                done += RunSome(_works.AsSpan(done, _count - done));

            KeepUnfinished(cancellationToken);
            ShareRows();
        }
    }

    /// <summary>Forgets the requests of a batch that came to no end, as when one of its sequences is another model's.</summary>
    public void Clear()
    {
        Array.Clear(_works, 0, _count);
        _count = 0;
    }

    private void ShareRows()
    {
        int wholeRows = 0;
        int longPrompts = 0;
        for (int i = 0; i < _count; i++)
        {
            int left = _works[i]!.RowsLeft;
            if (left > RowBudget.LongestWhole)
                longPrompts++;
            else
                wholeRows += left;
        }

        int share = RowBudget.ShareOf(wholeRows, longPrompts);
        for (int i = 0; i < _count; i++)
            _works[i]!.RowLimit = _works[i]!.RowsLeft > RowBudget.LongestWhole ? share : RowBudget.LongestWhole;
    }

    // One run, with as many of the works as the best session at hand has slots for. What is finished is taken out.
    private int RunSome(Span<SequenceWork?> works)
    {
        if (works.Length == 1 || packed?.Sizes?.For(works.Length) is not { } session)
        {
            RunAlone(ref works[0]);
            return 1;
        }

        works = works[..Math.Min(works.Length, session.Slots)];
        RunTogether(works, session, packed.Rows);
        return works.Length;
    }

    private static void RunTogether(Span<SequenceWork?> works, SlotSession session, LendingPool<PackedRows> memory)
    {
        PackedFrame frame = session.Rent();
        PackedRows rows = memory.Rent();
        try
        {
            if (!TryRun(frame, works, rows))
            {
                // Which of them it was shows when each runs alone.
                foreach (ref SequenceWork? work in works)
                    RunAlone(ref work);
                return;
            }

            foreach (ref SequenceWork? work in works)
                Read(ref work);
        }
        finally
        {
            session.Return(frame);
            memory.Return(rows);
        }
    }

    private static bool TryRun(PackedFrame frame, ReadOnlySpan<SequenceWork?> works, PackedRows rows)
    {
        try
        {
            foreach (SequenceWork? work in works)
                work!.TakeRows();
            frame.Run(works, rows);
        }
        catch (ModelRunException)
        {
            return false;
        }

        foreach (SequenceWork? work in works)
            work!.Complete();
        return true;
    }

    private static void RunAlone(ref SequenceWork? work)
    {
        try
        {
            work!.RowLimit = OnnxDecoder.PrefillChunk;
            work.RunAlone();
        }
        catch (Exception fault)
        {
            work!.Fail(fault);
            work = null;
            return;
        }

        Read(ref work);
    }

    private static void Read(ref SequenceWork? work)
    {
        try
        {
            if (!work!.Read())
                work = null;
        }
        catch (Exception fault)
        {
            work!.Fail(fault);
            work = null;
        }
    }

    private void KeepUnfinished(CancellationToken cancellationToken)
    {
        int kept = 0;
        for (int i = 0; i < _count; i++)
        {
            if (_works[i] is { } work && MayGoOn(work, cancellationToken))
                _works[kept++] = work;
        }

        Array.Clear(_works, kept, _count - kept);
        _count = kept;
    }

    private static bool MayGoOn(SequenceWork work, CancellationToken cancellationToken)
    {
        try
        {
            cancellationToken.ThrowIfCancellationRequested();
            work.ThrowIfCancelled();
            return true;
        }
        catch (OperationCanceledException cancelled)
        {
            work.Fail(cancelled);
            return false;
        }
    }
}
