using Minions.Core.Generation;

namespace Minions.Benchmarks.EndToEnd.Measuring;

/// <summary>One request of an arm.</summary>
/// <param name="Domain">The prompt's domain.</param>
/// <param name="Result">What came of it.</param>
/// <param name="Latency">From the call to its result.</param>
/// <param name="Identical">Whether ids and text are the reference's, or <see langword="null"/> where nothing is promised.</param>
internal sealed record Sample(int Domain, GenerationResult Result, TimeSpan Latency, bool? Identical);

/// <summary>All prompts once.</summary>
/// <param name="Samples">The requests.</param>
/// <param name="Wall">The time they took together.</param>
internal sealed record Repetition(IReadOnlyList<Sample> Samples, TimeSpan Wall);
