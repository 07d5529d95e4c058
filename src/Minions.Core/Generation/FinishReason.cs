namespace Minions.Core.Generation;

/// <summary>Why a text ended.</summary>
public enum FinishReason
{
    /// <summary>The target chose an end token.</summary>
    EndToken,

    /// <summary>A stop string appeared.</summary>
    StopString,

    /// <summary>The request's number of new tokens was reached, or the context is full.</summary>
    Length,
}
