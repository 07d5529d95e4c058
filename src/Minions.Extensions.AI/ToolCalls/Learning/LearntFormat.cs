using Minions.Extensions.AI.ToolCalls.Reading;

namespace Minions.Extensions.AI.ToolCalls.Learning;

/// <summary>A format that was learnt from what a template renders of calls.</summary>
internal sealed class LearntFormat : IToolCallFormat
{
    private readonly Func<CallReading, IEnumerable<ReadStep>> _read;

    /// <summary>Makes a format.</summary>
    /// <param name="openers">What starts the markup.</param>
    /// <param name="read">Reads what follows an opener.</param>
    public LearntFormat(IReadOnlyList<string> openers, Func<CallReading, IEnumerable<ReadStep>> read)
    {
        Openers = openers;
        _read = read;
    }

    public string Name => $"learnt from the template: {Openers[0]}";

    public IReadOnlyList<string> Openers { get; }

    public bool IsMentionedIn(string templateSource) => templateSource.Contains(Openers[0], StringComparison.Ordinal);

    public IEnumerable<ReadStep> Read(CallReading reading) => _read(reading);
}
