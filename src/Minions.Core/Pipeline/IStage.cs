namespace Minions.Core.Pipeline;

/// <summary>
/// A station on a request's way. A stage takes requests from its pool, works on them and passes them on; it reads no clock but the injected
/// one and starts no thread, so a lane, a test or a simulation can drive it.
/// </summary>
internal interface IStage
{
    string Name { get; }

    /// <summary>Takes one batch, works on it and passes it on. Never throws: a fault ends the requests it concerns.</summary>
    /// <returns><see langword="false"/> when nothing was waiting.</returns>
    bool TryRun();
}

/// <summary>What drives a stage.</summary>
internal interface ILane : IAsyncDisposable
{
    /// <summary>Tells that something is waiting. Safe from any thread.</summary>
    void Signal();
}
