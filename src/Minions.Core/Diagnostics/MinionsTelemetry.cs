using System.Diagnostics;

namespace Minions.Core.Diagnostics;

/// <summary>The names by which listeners find what pipelines report: instruments and the activity of each request.</summary>
public static class MinionsTelemetry
{
    /// <summary>The meter of every pipeline: <c>Minions.Core</c>.</summary>
    public const string MeterName = "Minions.Core";

    /// <summary>The source of the activities: <c>Minions.Core</c>. One for all pipelines of the process; a tag tells them apart.</summary>
    public const string ActivitySourceName = "Minions.Core";

    internal const string PipelineTag = "minions.pipeline";

    internal const string DraftTag = "minions.draft";

    internal static readonly string? Version = typeof(MinionsTelemetry).Assembly.GetName().Version?.ToString(3);

    internal static readonly ActivitySource Activities = new(ActivitySourceName, Version);
}
