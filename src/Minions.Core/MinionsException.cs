namespace Minions.Core;

/// <summary>
/// The base of all exceptions of the library's own. What else its calls throw are the framework's for wrong arguments
/// (<see cref="ArgumentException"/>), wrong use (<see cref="InvalidOperationException"/>, <see cref="ObjectDisposedException"/>) and
/// cancellation (<see cref="OperationCanceledException"/>).
/// </summary>
public abstract class MinionsException : Exception
{
    /// <summary>Makes the exception.</summary>
    /// <param name="message">What is wrong.</param>
    /// <param name="innerException">The cause, or <see langword="null"/>.</param>
    protected MinionsException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
