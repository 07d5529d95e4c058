namespace Minions.Core.States;

/// <summary>
/// The states of one request's newest positions, as its target computed them. The verifier writes the rows it runs; what was rejected is cut off
/// before drafts read. A row says what the target knew behind the id at its position, that is when it chose the next one.
/// </summary>
/// <remarks>
/// Bounded: behind <see cref="Capacity"/> rows the oldest ones are dropped. The rows held are of consecutive positions. Written by one thread while a
/// request is verified, and only read, by several perhaps, while it is drafted for. Not synchronised beyond that: a draft that went on past the time it
/// was given must not use what it reads then.
/// </remarks>
public sealed class TargetStates
{
    private const int FirstRows = 64;

    private float[] _rows;
    private int _allocated;

    /// <summary>Makes an empty window.</summary>
    /// <param name="layout">What a row consists of.</param>
    /// <param name="capacity">The most rows held, at least 1; fewer are where they would not fit into one array.</param>
    public TargetStates(StateLayout layout, int capacity)
    {
        ArgumentNullException.ThrowIfNull(layout);
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 1);
        (Layout, Capacity) = (layout, Math.Min(capacity, Array.MaxLength / layout.Width));
        _allocated = Math.Min(FirstRows, capacity);
        _rows = new float[_allocated * layout.Width];
    }

    /// <summary>What a row consists of.</summary>
    public StateLayout Layout { get; }

    /// <summary>The most rows held.</summary>
    public int Capacity { get; }

    /// <summary>The first position whose row is held.</summary>
    public int Start { get; private set; }

    /// <summary>The position behind the last one whose row is held; equal to <see cref="Start"/> where none is.</summary>
    public int End { get; private set; }

    /// <summary>The row of a position.</summary>
    /// <param name="position">From <see cref="Start"/> to <see cref="End"/>, exclusive.</param>
    /// <returns><see cref="StateLayout.Width"/> floats, valid until the next row is written.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The row is not held.</exception>
    public ReadOnlySpan<float> Row(int position)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(position, Start);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(position, End);
        return Place(position);
    }

    /// <summary>
    /// Makes room for the row of a position. All rows from there on are forgotten, and all others where the position does not follow on them.
    /// Called by the verifier for each row that it runs, in order.
    /// </summary>
    /// <param name="position">The position of the id that the row is of, from 0.</param>
    /// <returns>Where to write <see cref="StateLayout.Width"/> floats.</returns>
    public Span<float> Write(int position)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(position);
        if (position < Start || position > End)
            Start = position;
        End = position + 1;
        if (End - Start > _allocated)
            Grow(End - Start);
        Start = Math.Max(Start, End - _allocated);
        return Place(position);
    }

    /// <summary>Forgets the rows from a position on, which were of ids that the text does not have.</summary>
    /// <param name="end">The first position to forget.</param>
    public void Truncate(int end)
    {
        End = Math.Min(End, Math.Max(end, 0));
        Start = Math.Min(Start, End);
    }

    // Rows stand in a ring: the place of a position does not change while it is held.
    private Span<float> Place(int position) => _rows.AsSpan(position % _allocated * Layout.Width, Layout.Width);

    private void Grow(int rows)
    {
        int allocated = Math.Min(Capacity, Math.Max(rows, _allocated * 2));
        if (allocated == _allocated)
            return;

        float[] grown = new float[allocated * Layout.Width];
        for (int position = Math.Max(Start, End - 1 - _allocated); position < End - 1; position++)
            Place(position).CopyTo(grown.AsSpan(position % allocated * Layout.Width));
        (_rows, _allocated) = (grown, allocated);
    }
}
