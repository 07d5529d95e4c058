namespace Minions.Core.Tokenization.Patterns;

/// <summary>A part of a text in UTF-16 units, the end exclusive.</summary>
internal readonly record struct TextRange(int Start, int End);
