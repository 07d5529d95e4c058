using System.Reflection;
using System.Text.Json.Serialization;
using Minions.Benchmarks.EndToEnd.Arms;
using Minions.Benchmarks.Models;

namespace Minions.Benchmarks.EndToEnd.Reporting;

/// <summary>How GenAI ran in its own arms, for reports.</summary>
/// <param name="Version">GenAI's version.</param>
/// <param name="Target">The target's session.</param>
/// <param name="Drafts">The drafts' sessions, by name.</param>
/// <param name="Exact">Whether identical texts are promised where it runs a pipeline's target, or <see langword="null"/> where it runs none.</param>
/// <param name="InexactReason">Why they are not.</param>
internal sealed record GenAISettings(string Version, GenAISession Target, IReadOnlyDictionary<string, GenAISession> Drafts, bool? Exact, string? InexactReason)
{
    // GenAI's assembly tells no version of its own.
    private static string BuiltWith => typeof(GenAISettings).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == "GenAIVersion").Value!;

    /// <summary>The threads that GenAI gives a session when nothing is said.</summary>
    public int DefaultThreads => Math.Clamp(Environment.ProcessorCount / 2, 1, 16);

    /// <summary>Where the length of <c>genai-adaptive</c> starts, and what it never goes below.</summary>
    public int AdaptiveFloor => GenAIDecoding.AdaptiveFloor;

    /// <summary>The n-gram size of arms that name none.</summary>
    public int NgramSize => GenAIDecoding.DefaultNgramSize;

    /// <summary>For people, in a few words.</summary>
    [JsonIgnore]
    public string Summary =>
        $"GenAI {Version}: target {Describe(Target)}{string.Concat(Drafts.Select(draft => $"; {draft.Key} {Describe(draft.Value)}"))}; of {Environment.ProcessorCount} processors it would take {DefaultThreads} itself; "
        + $"adaptive lengths start at {AdaptiveFloor}, n-grams have size {NgramSize} unless named, and their lookup is chained"
        + (Exact is { } exact ? $"; over its target identical texts are {(exact ? "promised" : $"not promised: {InexactReason}")}" : "");

    public static GenAISettings Of(GenAIModels models) => new(BuiltWith, models.Target, models.Drafts, models.Verifier?.Exactness.IsGuaranteed, models.Verifier?.Exactness.Reason);

    private static string Describe(GenAISession session) =>
        $"{session.Threads} {(session.Threads == 1 ? "thread" : "threads")}{(session.RestsBetweenRuns ? "" : " that spin between runs")} on {(session.Providers.Count == 0 ? "the CPU" : string.Join(" and ", session.Providers))}";
}
