using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Text.Json;
using System.Text.Json.Serialization;
using Minions.Core.Speculation.Goodput;
using Minions.Core.Voting;

namespace Minions.Core.Speculation;

/// <summary>What a pipeline knows, as a file: with the models and the machine that it is about, since it is of no use to others.</summary>
internal sealed record KnowledgeFile
{
    public const int CurrentVersion = 2;

    public required int Version { get; init; }

    /// <summary>What the target and the drafts are.</summary>
    public required string[] Models { get; init; }

    /// <summary>What runs them.</summary>
    public required string Machine { get; init; }

    public required KnowledgeState Speculation { get; init; }

    public required WeightState Weights { get; init; }

    /// <summary>This machine: what decides how runs of different widths compare.</summary>
    public static string ThisMachine { get; } =
        $"{RuntimeInformation.OSArchitecture} {Environment.ProcessorCount} processors, vectors of {(Vector512.IsHardwareAccelerated ? 512 : Vector256.IsHardwareAccelerated ? 256 : 128)} bits";

    public static KnowledgeFile Of(PolicyKnowledge knowledge, string[] models) => new()
    {
        Version = CurrentVersion,
        Models = models,
        Machine = ThisMachine,
        Speculation = knowledge.Selection.Export(),
        Weights = knowledge.Weights.Export(),
    };

    /// <summary>Reads a file and takes it over.</summary>
    /// <returns>Why it cannot be used, or <see langword="null"/> when it was.</returns>
    public static async Task<string?> TakeAsync(Stream source, PolicyKnowledge knowledge, string[] models, CancellationToken cancellationToken)
    {
        KnowledgeFile? file;
        try
        {
            file = await JsonSerializer.DeserializeAsync(source, KnowledgeJson.Default.KnowledgeFile, cancellationToken).ConfigureAwait(false);
        }
        catch (JsonException fault)
        {
            return $"it is cut short or no knowledge of a pipeline ({fault.Message})";
        }

        if (file is null)
            return "it is empty";
        if (file.Version != CurrentVersion)
            return $"it is of version {file.Version}, and this version of the library reads {CurrentVersion}";
        if (!file.Models.AsSpan().SequenceEqual(models))
            return $"it is about other models: {string.Join(", ", file.Models)}";
        if (file.Machine != ThisMachine)
            return $"it was learnt on another machine: {file.Machine}";

        WeightState before = knowledge.Weights.Export();
        if (knowledge.Weights.TryImport(file.Weights) && knowledge.Selection.TryImport(file.Speculation))
            return null;

        knowledge.Weights.TryImport(before);
        return "its numbers are out of range, or not as many as the drafts need";
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, RespectNullableAnnotations = true)]
[JsonSerializable(typeof(KnowledgeFile))]
internal sealed partial class KnowledgeJson : JsonSerializerContext;
