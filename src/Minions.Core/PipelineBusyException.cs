namespace Minions.Core;

/// <summary>
/// As many calls as <see cref="Pipeline.PipelineOptions.MaxQueuedRequests"/> allows wait for admission already. Nothing was run; call again
/// when others have ended, or allow more.
/// </summary>
public sealed class PipelineBusyException : MinionsException
{
    /// <summary>Makes the exception.</summary>
    /// <param name="message">How many requests are in work and how many wait.</param>
    public PipelineBusyException(string message)
        : base(message)
    {
    }
}
