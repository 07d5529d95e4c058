using Minions.Core.Tokenization.Unicode;

namespace Minions.Core.Tokenization.Patterns;

/// <summary>A part of an expression, as <see cref="PatternParser"/> understood it.</summary>
internal abstract record PatternNode;

/// <summary>One character out of a set.</summary>
internal sealed record SetNode(CodePointSet Set) : PatternNode;

/// <summary>One character that stands for itself, or for what differs from it in case only. Case is resolved before anything is written.</summary>
internal sealed record LiteralNode(int Point, bool IgnoreCase) : PatternNode;

internal sealed record SequenceNode(IReadOnlyList<PatternNode> Items) : PatternNode;

internal sealed record AlternationNode(IReadOnlyList<PatternNode> Choices) : PatternNode;

/// <summary>A repetition; <paramref name="Most"/> is <see langword="null"/> where there is no limit.</summary>
internal sealed record RepetitionNode(PatternNode Body, int Least, int? Most, Greed Greed) : PatternNode;

/// <summary>A group that .NET writes alike: what it opens with, such as <c>(?=</c>.</summary>
internal sealed record GroupNode(string Opening, PatternNode Body) : PatternNode;

internal sealed record CaptureNode(int Number, PatternNode Body) : PatternNode;

/// <summary>What the first of some captures that is set took.</summary>
internal sealed record BackReferenceNode(IReadOnlyList<int> Numbers) : PatternNode;

/// <summary>A place between characters, as .NET writes it.</summary>
internal sealed record AnchorNode(string Text) : PatternNode;

internal enum Greed
{
    Greedy,
    Lazy,
    Possessive,
}
