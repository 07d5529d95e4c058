namespace Minions.Core.GenAI.Loading;

/// <summary>Runs a load that blocks for seconds on a thread made for it, so that the thread pool stays free.</summary>
internal static class LoadThread
{
    public static Task<T> RunAsync<T>(Func<T> load, CancellationToken cancellationToken) =>
        Task.Factory.StartNew(load, cancellationToken, TaskCreationOptions.LongRunning | TaskCreationOptions.DenyChildAttach, TaskScheduler.Default);
}
