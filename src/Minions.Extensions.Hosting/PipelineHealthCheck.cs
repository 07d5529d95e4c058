using Microsoft.Extensions.Diagnostics.HealthChecks;
using Minions.Core;
using Minions.Core.Pipeline;

namespace Minions.Extensions.Hosting;

/// <summary>Has a pipeline verify one id.</summary>
internal sealed class PipelineHealthCheck(SpeculativePipeline pipeline) : IHealthCheck
{
    /// <summary>The key of <see cref="HealthCheckResult.Data"/> under which the names of lost drafts lie.</summary>
    public const string LostDrafts = "lost_drafts";

    /// <summary>The key under which the time of the check lies, in seconds.</summary>
    public const string Seconds = "seconds";

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        HealthStatus failure = context.Registration.FailureStatus;
        if (!pipeline.IsLoaded)
            return new HealthCheckResult(failure, "The models are not loaded.");

        PipelineHealth health;
        try
        {
            health = await pipeline.CheckAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception fault) when (fault is PipelineStoppedException or ObjectDisposedException)
        {
            return new HealthCheckResult(failure, "The pipeline was stopped.", fault);
        }
        catch (Exception fault) when (fault is not OperationCanceledException)
        {
            return new HealthCheckResult(failure, $"The target verified no token: {fault.Message}", fault);
        }

        var data = new Dictionary<string, object> { [Seconds] = health.Elapsed.TotalSeconds, [LostDrafts] = health.LostDrafts };
        return health.LostDrafts.Count == 0
            ? HealthCheckResult.Healthy("The target verified a token, and every draft that was asked answers.", data)
            : HealthCheckResult.Degraded($"Answers are the same but come slower: no proposals from {string.Join(", ", health.LostDrafts)}.", data: data);
    }
}
