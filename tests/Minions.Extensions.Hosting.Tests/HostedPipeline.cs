using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Minions.Core;
using Minions.Core.Pipeline;

namespace Minions.Extensions.Hosting.Tests;

/// <summary>A host with nothing in it but what a test adds; what it logs is kept.</summary>
internal sealed class HostedPipeline : ILoggerProvider, ILogger, IDisposable
{
    private readonly ConcurrentQueue<(LogLevel Level, EventId Id, string Text)> _log = [];
    private IHost? _host;

    public HostedPipeline(Action<IServiceCollection> add)
    {
        HostApplicationBuilder builder = Microsoft.Extensions.Hosting.Host.CreateEmptyApplicationBuilder(null);
        builder.Logging.AddProvider(this).SetMinimumLevel(LogLevel.Trace);
        add(builder.Services);
        _host = builder.Build();
    }

    public IHost Host => _host!;

    public SpeculativePipeline Pipeline => Host.Services.GetRequiredService<SpeculativePipeline>();

    /// <summary>What the package has logged.</summary>
    public IEnumerable<(LogLevel Level, EventId Id, string Text)> Log => _log.Where(line => line.Id.Id is >= 50 and < 60);

    public Task<HealthReport> CheckAsync(CancellationToken cancellationToken = default) =>
        Host.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync(cancellationToken);

    public ILogger CreateLogger(string categoryName) => this;

    IDisposable? ILogger.BeginScope<TState>(TState state) => null;

    bool ILogger.IsEnabled(LogLevel logLevel) => true;

    void ILogger.Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        _log.Enqueue((logLevel, eventId, formatter(state, exception)));

    // The host disposes its providers, this one among them.
    public void Dispose()
    {
        IHost? host = Interlocked.Exchange(ref _host, null);
        host?.Dispose();
    }

    /// <summary>Hears of phases, and lets a test wait for one.</summary>
    public sealed class Heard : IProgress<LoadProgress>
    {
        private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public ConcurrentQueue<LoadPhase> Phases { get; } = [];

        public Task Ready => _ready.Task;

        public void Report(LoadProgress value)
        {
            Phases.Enqueue(value.Phase);
            if (value.Phase == LoadPhase.Ready)
                _ready.TrySetResult();
        }
    }
}
