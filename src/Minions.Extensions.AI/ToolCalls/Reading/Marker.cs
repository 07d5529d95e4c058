namespace Minions.Extensions.AI.ToolCalls.Reading;

/// <summary>What a marker in the output does.</summary>
internal enum MarkerKind
{
    /// <summary>It is left out and does nothing else.</summary>
    Silent,

    /// <summary>Reasoning starts.</summary>
    ReasoningOpen,

    /// <summary>Reasoning ends.</summary>
    ReasoningClose,

    /// <summary>The markup of calls starts.</summary>
    Call,
}

/// <summary>A piece of markup in the output of a model.</summary>
/// <param name="Text">The piece.</param>
/// <param name="Kind">What it does.</param>
/// <param name="OnlyFresh">Whether it is markup only where nothing but white space has come since the start or the last markup.</param>
internal readonly record struct Marker(string Text, MarkerKind Kind, bool OnlyFresh = false);
