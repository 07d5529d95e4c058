namespace Minions.Core.Generation;

/// <summary>What ends a text, as a request's stop sequences say.</summary>
/// <param name="Texts">Those that are looked for in the text.</param>
/// <param name="Tokens">The ids of those that are a special token: such tokens are no text.</param>
internal sealed record StopSequenceSet(IReadOnlyList<string> Texts, IReadOnlyList<int> Tokens)
{
    public static StopSequenceSet None { get; } = new([], []);
}
