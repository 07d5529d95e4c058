namespace Minions.Benchmarks.EndToEnd.Measuring;

/// <summary>One request of an arm.</summary>
/// <param name="Domain">The prompt's domain.</param>
/// <param name="Answer">What came of it.</param>
/// <param name="Latency">From the call to its result.</param>
/// <param name="Verdict">Whose text it is.</param>
internal sealed record Sample(int Domain, Answer Answer, TimeSpan Latency, TextVerdict Verdict);

/// <summary>All prompts once.</summary>
/// <param name="Samples">The requests.</param>
/// <param name="Wall">The time they took together.</param>
internal sealed record Repetition(IReadOnlyList<Sample> Samples, TimeSpan Wall);
