namespace Minions.Core.Generation;

/// <summary>Why a text ended.</summary>
public enum FinishReason
{
    /// <summary>The target chose an end token.</summary>
    EndToken,

    /// <summary>A stop sequence appeared.</summary>
    StopSequence,

    /// <summary>The request's number of output tokens was reached, or the context is full.</summary>
    Length,
}
