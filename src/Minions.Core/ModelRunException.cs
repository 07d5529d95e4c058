namespace Minions.Core;

/// <summary>
/// A run of the target failed or gave an unusable result. The request ends with it; other requests and the pipeline go on.
/// </summary>
public sealed class ModelRunException : MinionsException
{
    /// <summary>Makes the exception.</summary>
    /// <param name="message">Which model failed, in doing what.</param>
    /// <param name="innerException">The cause.</param>
    public ModelRunException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
