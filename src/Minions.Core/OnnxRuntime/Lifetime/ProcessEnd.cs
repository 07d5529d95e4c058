namespace Minions.Core.OnnxRuntime.Lifetime;

/// <summary>
/// Keeps the end of the process and the making of sessions apart. While <see cref="Environment.Exit"/> tears native libraries down, a thread
/// that opens a session in one of them crashes the process. So the end waits for what is being made, which is told to stop, and nothing is begun
/// after it.
/// </summary>
internal static class ProcessEnd
{
    // A session stops at the next node of its graph; an end that hangs would be worse than one that crashes.
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(30);

    private static readonly Lock Gate = new();
    private static readonly CancellationTokenSource Ending = new();
    private static readonly ManualResetEventSlim Idle = new(initialState: true);
    private static int _works;

    static ProcessEnd() => AppDomain.CurrentDomain.ProcessExit += (_, _) => End();

    /// <summary>Begins work that the end of the process has to wait for.</summary>
    /// <param name="cancellationToken">What else stops the work.</param>
    /// <returns>The work, to be disposed when it has ended.</returns>
    /// <exception cref="OperationCanceledException">The process ends already, or the token is signalled.</exception>
    public static Work Begin(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (Gate)
        {
            Ending.Token.ThrowIfCancellationRequested();
            _works++;
            Idle.Reset();
        }

        return new Work(CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, Ending.Token));
    }

    private static void End()
    {
        lock (Gate)
            Ending.Cancel();
        Idle.Wait(LongestWait);
    }

    private static void Complete()
    {
        lock (Gate)
        {
            if (--_works == 0)
                Idle.Set();
        }
    }

    /// <summary>Work that the end of the process waits for.</summary>
    public sealed class Work(CancellationTokenSource stop) : IDisposable
    {
        /// <summary>Signalled when the work should stop, as the process ends or its own token says.</summary>
        public CancellationToken Stop => stop.Token;

        public void Dispose()
        {
            stop.Dispose();
            Complete();
        }
    }
}
