using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Minions.Core;
using Minions.Core.Pipeline;

namespace Minions.Extensions.Hosting;

/// <summary>Loads a pipeline when its host starts, and has it end its requests when the host stops.</summary>
/// <param name="pipeline">The pipeline; its container disposes it.</param>
/// <param name="name">Its name; empty for the default pipeline.</param>
/// <param name="options">How it is loaded.</param>
/// <param name="time">The clock of what is logged.</param>
/// <param name="logger">Hears of the load and of what was cut off.</param>
internal sealed partial class PipelineLifetime(SpeculativePipeline pipeline, string name, LoadAtStartOptions options, TimeProvider time, ILogger<PipelineLifetime> logger)
    : IHostedService, IProgress<LoadProgress>
{
    private readonly string _name = name.Length == 0 ? "default" : name;
    private Task _load = Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (!options.InBackground)
            return LoadAsync(cancellationToken);

        _load = LoadInBackgroundAsync();
        return Task.CompletedTask;
    }

    /// <summary>Lets requests in work end until the host's time is over.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        try
        {
            int ended = await pipeline.StopAsync(cancellationToken).ConfigureAwait(false);
            if (ended > 0)
                TimeWasOver(logger, _name, ended);
        }
        catch (ObjectDisposedException)
        {
            // Somebody else has ended it.
        }

        // A load that does not heed its cancellation is left to the pipeline's disposal.
        await _load.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <summary>Passes on what the pipeline reports.</summary>
    public void Report(LoadProgress value)
    {
        if (value.File is { } file)
            FileOpens(logger, _name, value.Phase, file, value.Bytes, value.LoadedBytes, value.TotalBytes);
        options.Progress?.Report(value);
    }

    private async Task LoadAsync(CancellationToken cancellationToken)
    {
        long start = time.GetTimestamp();
        await pipeline.LoadAsync(this, cancellationToken).ConfigureAwait(false);
        Loaded(logger, _name, time.GetElapsedTime(start).TotalSeconds);
    }

    private async Task LoadInBackgroundAsync()
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        try
        {
            await LoadAsync(CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception fault) when (fault is PipelineStoppedException or ObjectDisposedException)
        {
            // The host stops.
        }
        catch (Exception fault)
        {
            LoadFailed(logger, _name, fault);
        }
    }

    [LoggerMessage(50, LogLevel.Information, "Pipeline '{Pipeline}' is loaded, after {Seconds:0.00} seconds.")]
    private static partial void Loaded(ILogger logger, string pipeline, double seconds);

    [LoggerMessage(51, LogLevel.Debug, "Pipeline '{Pipeline}': {Phase} '{File}', {Bytes} bytes; {Loaded} of {Total} bytes are loaded.")]
    private static partial void FileOpens(ILogger logger, string pipeline, LoadPhase phase, string file, long bytes, long loaded, long total);

    [LoggerMessage(52, LogLevel.Error, "Pipeline '{Pipeline}' could not be loaded; the next call tries again.")]
    private static partial void LoadFailed(ILogger logger, string pipeline, Exception fault);

    [LoggerMessage(53, LogLevel.Warning, "Pipeline '{Pipeline}' was stopped with its host's time over: {Requests} requests that were still in work ended with an error.")]
    private static partial void TimeWasOver(ILogger logger, string pipeline, int requests);
}
