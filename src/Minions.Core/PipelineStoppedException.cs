namespace Minions.Core;

/// <summary>
/// <see cref="SpeculativePipeline.StopAsync"/> was called: a call that was not let in yet did not run, one in work was ended because the time
/// for it was over.
/// </summary>
public sealed class PipelineStoppedException : MinionsException
{
    /// <summary>Makes the exception.</summary>
    /// <param name="message">What became of the call.</param>
    public PipelineStoppedException(string message)
        : base(message)
    {
    }
}
