namespace Minions.Core;

/// <summary>
/// A logits processor of the user threw, or left a row no id can be chosen from. The request ends with it; other requests and the pipeline
/// go on.
/// </summary>
public sealed class LogitsProcessorException : MinionsException
{
    /// <summary>Makes the exception.</summary>
    /// <param name="message">Which processor failed, and at which position.</param>
    /// <param name="innerException">What the processor threw, or <see langword="null"/> where only its row is unusable.</param>
    public LogitsProcessorException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
