using Microsoft.ML.OnnxRuntimeGenAI;
using Minions.Core.GenAI.Loading;
using Minions.Core.Generation;

namespace Minions.Core.GenAI.Sequences;

/// <summary>
/// One request's text in a model: a generator and the ids that were run into it. Whoever wants logits names all ids of the text; the sequence goes
/// back to the longest prefix it shares with them and runs the rest. Used by one thread at a time.
/// </summary>
/// <param name="model">The model.</param>
/// <param name="options">The request.</param>
/// <param name="bitIdentical">Whether no run may be one row wide: the second row comes from running the last id before once more.</param>
internal sealed class GenAISequence(GenAIModel model, SequenceOptions options, bool bitIdentical) : IDisposable
{
    /// <summary>The most rows of a run. Each gives logits for every row, and copies them where one is wanted.</summary>
    public const int ChunkRows = 64;

    private const int FirstRoom = 256;

    // Guesses lie behind the text.
    private const int Slack = 32;

    private readonly List<int> _ids = [];
    private GenAIGenerator? _generator;
    private LogitsRows? _rows;
    private string? _adapter = model.AdapterOf(options.Properties);
    private int _expectedLength = options.ExpectedLength;
    private bool _bitIdentical = bitIdentical;
    private int _generatorLength;
    private int _firstWanted;

    // Entries from here on were written by a run of one row, whose sums round differently; a bit-identical text must not build on them.
    private int _exactLength;

    /// <summary>The ids that were run.</summary>
    public int Length => _ids.Count;

    /// <summary>How many ids of another text need not be run again: none of one that the generator has no room for.</summary>
    public int Reusable(int shared, int textLength) => _generator is { } open && textLength <= open.Capacity ? shared : 0;

    /// <summary>Goes on for another request.</summary>
    public void Reopen(SequenceOptions options, bool bitIdentical)
    {
        string? adapter = model.AdapterOf(options.Properties);
        if (adapter != _adapter)
            Drop();
        (_adapter, _bitIdentical, _expectedLength) = (adapter, bitIdentical, options.ExpectedLength);
    }

    /// <summary>Goes back to what it shares with a text. Then call <see cref="RunChunk"/> until it answers false.</summary>
    /// <param name="ids">All ids of the text.</param>
    /// <param name="rowsWanted">How many of the last ids' logits are wanted: these are run even if they were before.</param>
    /// <param name="rowsIfRun">How many of the last ids' logits are wanted where they have to be run anyway.</param>
    /// <returns>The position of the first id that has to be run.</returns>
    public int Begin(ReadOnlySpan<int> ids, int rowsWanted, int rowsIfRun = 0)
    {
        int shared = System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_ids).CommonPrefixLength(ids);
        if (_bitIdentical)
            shared = Math.Min(shared, _exactLength);
        TruncateTo(Math.Min(shared, ids.Length - rowsWanted));
        EnsureRoom(ids.Length);
        _firstWanted = ids.Length - Math.Max(rowsWanted, rowsIfRun);
        return _ids.Count;
    }

    /// <summary>Runs the next rows of the text; then their logits can be read, those that are wanted.</summary>
    /// <param name="ids">The same ids as for <see cref="Begin"/>.</param>
    /// <returns>False when the text had been run to its end.</returns>
    /// <exception cref="ModelRunException">GenAI reported an error; what was run is forgotten.</exception>
    public bool RunChunk(ReadOnlySpan<int> ids)
    {
        int start = _ids.Count;
        int left = ids.Length - start;
        if (left == 0)
            return false;

        int rows = Math.Min(left, ChunkRows);
        if (model.Rows == RowOutput.Last && start + rows > _firstWanted)
            rows = Math.Max(start, _firstWanted) + 1 - start;
        while (_bitIdentical && model.Configuration.LeavesOneRow(rows))
            rows--;
        try
        {
            Run(ids.Slice(start, rows), ids);
            return true;
        }
        catch (OnnxRuntimeGenAIException fault)
        {
            throw Failed($"Running {rows} rows of model '{model.Folder}' from position {start} on failed", fault);
        }
    }

    /// <summary>The logits that follow the id at a position, which must be wanted and lie in the last chunk. Valid until the next call.</summary>
    public ReadOnlySpan<float> LogitsAfter(int position)
    {
        try
        {
            _rows ??= _generator!.ReadRows();
        }
        catch (OnnxRuntimeGenAIException fault)
        {
            throw Failed($"Reading the logits of model '{model.Folder}' failed", fault);
        }

        ArgumentOutOfRangeException.ThrowIfLessThan(position, _ids.Count - _rows.Count);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(position, _ids.Count);
        return _rows[_rows.Count - (_ids.Count - position)];
    }

    public void Dispose() => Drop();

    private void Run(ReadOnlySpan<int> rows, ReadOnlySpan<int> ids)
    {
        int start = _ids.Count;
        int end = start + rows.Length;
        bool widens = _bitIdentical && rows.Length == 1;
        int from = widens && start > 0 ? start - 1 : start;
        CloseRows();
        if (_generatorLength > from)
            _generator!.RewindTo(from);

        // A text of one id has none before it to run once more. Where a run shows its last row alone a row behind it would hide it.
        bool needsFiller = widens && start == 0;
        if (needsFiller && model.Rows == RowOutput.Every)
            RunWithFiller(rows[0]);
        else
            _generator!.Append(ids[from..end]);

        _ids.AddRange(rows);
        _generatorLength = end;
        bool isExact = rows.Length > 1 || (_bitIdentical && !(needsFiller && model.Rows == RowOutput.Last));
        if (isExact && _exactLength == start)
            _exactLength = end;
    }

    // What stands behind the id is forgotten at once, and its row is never read.
    private void RunWithFiller(int id)
    {
        _generator!.Append([id, id]);
        _rows = _generator.ReadRows().WithoutLast();
        _generator.RewindTo(1);
    }

    private void EnsureRoom(int length)
    {
        if (_generator is { } open && open.Capacity >= length)
            return;

        int wanted = Math.Max(Math.Max(length, _expectedLength), _generator is { } small ? 2 * small.Capacity : FirstRoom) + Slack;
        int capacity = Math.Min(model.Configuration.ContextLength, wanted);
        Drop();
        try
        {
            _generator = model.OpenGenerator(capacity, _adapter);
        }
        catch (OnnxRuntimeGenAIException fault)
        {
            throw Failed($"Opening a generator of model '{model.Folder}' for {capacity} ids failed", fault);
        }
    }

    // What was run is forgotten: nobody knows how much of it is there.
    private ModelRunException Failed(string what, OnnxRuntimeGenAIException fault)
    {
        Drop();
        return new ModelRunException($"{what}: {fault.Message}", fault);
    }

    private void TruncateTo(int length)
    {
        CloseRows();
        _ids.RemoveRange(length, _ids.Count - length);
        _exactLength = Math.Min(_exactLength, length);
    }

    private void CloseRows()
    {
        _rows?.Dispose();
        _rows = null;
    }

    private void Drop()
    {
        TruncateTo(0);
        _generator?.Dispose();
        _generator = null;
        _generatorLength = 0;
    }
}
