using System.Text.Json.Nodes;
using Minions.Core.OnnxRuntime;

namespace Minions.Benchmarks.Models;

/// <summary>How a session of GenAI is set: as this library sets its own, but for what the model's folder says.</summary>
/// <param name="Threads">The threads of an operator.</param>
/// <param name="RestsBetweenRuns">Whether its threads stop spinning when a run ends.</param>
/// <param name="Providers">The execution providers by GenAI's names; none for the CPU.</param>
internal sealed record GenAISession(int Threads, bool RestsBetweenRuns, IReadOnlyList<string> Providers)
{
    private const string OptionsKey = "session_options";
    private const string ProvidersKey = "provider_options";
    private const string ThreadsKey = "intra_op_num_threads";
    private const string RestKey = "session.force_spinning_stop";
    private const string Cuda = "cuda";

    /// <summary>Completes the session options of a decoder in a <c>genai_config.json</c>.</summary>
    /// <param name="decoder">The decoder.</param>
    /// <param name="threads">The threads of an operator, where the decoder names none.</param>
    /// <param name="provider">Where it runs; <see cref="ExecutionProvider.Auto"/> leaves that to the decoder.</param>
    /// <param name="target">The target's decoder, whose providers a draft has to have; <see langword="null"/> for the target itself.</param>
    public static GenAISession Complete(JsonObject decoder, int threads, ExecutionProvider provider, JsonObject? target)
    {
        JsonObject options = decoder[OptionsKey] as JsonObject ?? [];
        decoder[OptionsKey] ??= options;
        options[ThreadsKey] ??= threads;
        options[RestKey] ??= "1";
        options[ProvidersKey] = target is null ? Choose(options[ProvidersKey], provider) : target[OptionsKey]![ProvidersKey]!.DeepClone();
        return new GenAISession((int)options[ThreadsKey]!, (string?)options[RestKey] == "1", [.. Entries(options[ProvidersKey]).Select(entry => entry.Key)]);
    }

    private static JsonArray Choose(JsonNode? own, ExecutionProvider provider) => provider switch
    {
        ExecutionProvider.Cpu => [],
        ExecutionProvider.Cuda => [new JsonObject { [Cuda] = Entries(own).FirstOrDefault(entry => entry.Key.Equals(Cuda, StringComparison.OrdinalIgnoreCase)).Value?.DeepClone() ?? new JsonObject() }],
        _ => own?.DeepClone() as JsonArray ?? [],
    };

    private static IEnumerable<KeyValuePair<string, JsonNode?>> Entries(JsonNode? providers) => (providers as JsonArray ?? []).OfType<JsonObject>().SelectMany(entry => entry);
}
