using Minions.Core.Generation;
using Minions.Core.Tokenization;
using Minions.Core.Verification;

namespace Minions.Core.Pipeline;

/// <summary>What is known of a pipeline once its models are loaded. Immutable.</summary>
public sealed class PipelineInfo
{
    internal PipelineInfo()
    {
    }

    /// <summary>Whether texts are the same, bit for bit, with speculation on and off, on this machine with this target.</summary>
    public required Exactness Exactness { get; init; }

    /// <summary>The target's tokenizer, or <see langword="null"/> for a pipeline that speaks ids only.</summary>
    public required ITextTokenizer? Tokenizer { get; init; }

    /// <summary>The folder of the target's files, as a full path, or <see langword="null"/> where it comes from none.</summary>
    public required string? ModelFolder { get; init; }

    /// <summary>The names of the drafts, in the order of their statistics.</summary>
    public required IReadOnlyList<string> DraftNames { get; init; }

    /// <summary>The most ids that a request can hold, prompt and output together.</summary>
    public required int ContextLength { get; init; }

    /// <summary>The number of logits in a row of the target; ids lie between 0 and this, exclusive.</summary>
    public required int VocabularySize { get; init; }

    /// <summary>The ids that end a text.</summary>
    public required IReadOnlyList<int> EndTokens { get; init; }

    /// <summary>
    /// How the target's own files recommend that ids are chosen. Nothing of it applies unless a request asks for it, by
    /// <see cref="ModelDefaults.ToOptions"/>.
    /// </summary>
    public required ModelDefaults ModelDefaults { get; init; }

    internal static PipelineInfo Of(PipelineComponents components) => new()
    {
        Exactness = components.Target.Exactness,
        Tokenizer = components.Tokenizer,
        ModelFolder = components.Target.ModelFolder,
        DraftNames = [.. components.Drafts.Select(draft => draft.Name)],
        ContextLength = components.Target.ContextLength,
        VocabularySize = components.Target.VocabularySize,
        EndTokens = [.. components.EndTokens ?? components.Target.EndTokens],
        ModelDefaults = components.Target.ModelDefaults,
    };
}
