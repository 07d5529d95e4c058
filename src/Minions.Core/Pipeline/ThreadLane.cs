namespace Minions.Core.Pipeline;

/// <summary>
/// Drives a stage on a thread of its own. ONNX Runtime calls block for milliseconds: on the thread pool they would starve the application
/// and be starved by it.
/// </summary>
internal sealed class ThreadLane : ILane
{
    private readonly IStage _stage;
    private readonly AutoResetEvent _signal = new(false);
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool _stopping;

    public ThreadLane(IStage stage)
    {
        _stage = stage;
        new Thread(Run) { IsBackground = true, Name = $"Minions {stage.Name}" }.Start();
    }

    public void Signal() => _signal.Set();

    public async ValueTask DisposeAsync()
    {
        _stopping = true;
        _signal.Set();
        await _ended.Task.ConfigureAwait(false);

        // The signal is left to the collector: the other lane may be about to give it.
    }

    private void Run()
    {
        while (!_stopping)
        {
            if (!_stage.TryRun())
                _signal.WaitOne();
        }

        _ended.SetResult();
    }
}
