namespace Minions.Core.States;

/// <summary>
/// What a target tells of every row it runs, beside logits: some of its hidden states, joined to one row of floats. Drafts that are heads on
/// the target read them (EAGLE-3, arXiv 2503.01840; multi-token prediction, arXiv 2404.19737). Immutable.
/// </summary>
public sealed class StateLayout
{
    private readonly Dictionary<string, int> _offsets = new(StringComparer.Ordinal);

    /// <summary>Makes a layout.</summary>
    /// <param name="parts">The states in the order in which they stand in a row; at least one, each with a name of its own.</param>
    /// <exception cref="ArgumentException">There is none, one has no name or no width, or two have the same name.</exception>
    public StateLayout(IReadOnlyList<StatePart> parts)
    {
        ArgumentNullException.ThrowIfNull(parts);
        if (parts.Count == 0)
            throw new ArgumentException("A layout has at least one state; a target without states has no layout.", nameof(parts));

        Parts = [.. parts];
        foreach (StatePart part in Parts)
        {
            if (string.IsNullOrWhiteSpace(part.Name) || part.Width <= 0)
                throw new ArgumentException($"The state '{part.Name}' of {part.Width} floats needs a name and a width above 0.", nameof(parts));
            if (!_offsets.TryAdd(part.Name, Width))
                throw new ArgumentException($"Two states are named '{part.Name}'; heads tell them apart by their names.", nameof(parts));
            Width += part.Width;
        }
    }

    /// <summary>The states in the order in which they stand in a row.</summary>
    public IReadOnlyList<StatePart> Parts { get; }

    /// <summary>The floats of a row: the widths of all states together.</summary>
    public int Width { get; }

    /// <summary>Where a state begins in a row.</summary>
    /// <param name="name">The state's name.</param>
    /// <returns>The number of floats before it, or -1 where there is no such state.</returns>
    public int OffsetOf(string name) => _offsets.GetValueOrDefault(name, -1);
}

/// <summary>One of the states of a target.</summary>
/// <param name="Name">
/// What heads ask for it by: the name of a tensor of the target's graph, <c>layer:N</c> for what leaves layer N (from 0), or <c>final</c> for
/// what the head matrix reads.
/// </param>
/// <param name="Width">Its floats.</param>
public readonly record struct StatePart(string Name, int Width);
