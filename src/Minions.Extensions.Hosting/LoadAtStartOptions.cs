using Minions.Core.Pipeline;

namespace Minions.Extensions.Hosting;

/// <summary>How a pipeline is loaded by its host.</summary>
public sealed class LoadAtStartOptions
{
    /// <summary>
    /// Whether the host goes on starting while the models load. Default: it waits for them, and a load that fails keeps it from starting. In the
    /// background a failure is logged, and the next call tries again; calls that come before wait for the load.
    /// </summary>
    public bool InBackground { get; set; }

    /// <summary>
    /// Hears of phases and files, on the threads that load: it should return at once. Default: nobody; a log tells of them at debug level in either case.
    /// </summary>
    public IProgress<LoadProgress>? Progress { get; set; }
}
