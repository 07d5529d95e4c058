namespace Minions.Core.Diagnostics;

/// <summary>What is read of a pipeline whenever somebody collects, from any thread.</summary>
/// <param name="Running">The requests in work.</param>
/// <param name="Waiting">The requests that wait for admission.</param>
/// <param name="TargetCache">The bytes of the target's caches, or <see langword="null"/> where they are not known.</param>
/// <param name="DraftCache">The same of a draft, by its number.</param>
internal sealed record PipelineReadings(Func<long> Running, Func<long> Waiting, Func<long?> TargetCache, Func<int, long?> DraftCache);
