using Minions.Core.OnnxRuntime;
using Minions.Core.Speculation;

namespace Quickstart.CommandLine;

/// <summary>What the command line asks for. Folders and files are still as typed.</summary>
internal sealed record Arguments
{
    /// <summary>The target's folder, or <see langword="null"/> for the embedded one.</summary>
    public string? Target { get; init; }

    /// <summary>The drafts' folders; empty for the embedded drafts or, with a target of the user's own, for none.</summary>
    public IReadOnlyList<string> Drafts { get; init; } = [];

    /// <summary>The heads' folders; empty for the embedded one or, with a target of the user's own, for the one in its folder, if any.</summary>
    public IReadOnlyList<string> Heads { get; init; } = [];

    public bool NoDrafts { get; init; }

    /// <summary>Whether drafts or heads were named, which then take the place of the embedded ones.</summary>
    public bool NamesDrafts => Drafts.Count + Heads.Count > 0;

    /// <summary>Whether the n-gram draft is left out; without other drafts it always is.</summary>
    public bool NoNgram { get; init; }

    public DraftSelection Panel { get; init; }

    /// <summary>Whether to chat in the terminal, instead of answering prompts and measuring.</summary>
    public bool Chat { get; init; }

    public string? Prompt { get; init; }

    public string? PromptFile { get; init; }

    /// <summary>Whether <see cref="Prompt"/> is taken as it is, without the model's chat template.</summary>
    public bool Raw { get; init; }

    /// <summary>Whether questions are asked, which the target's chat template puts into its form.</summary>
    public bool WantsTemplate => PromptFile is null && !Raw;

    /// <summary>The most tokens of an answer.</summary>
    public int MaxTokens { get; init; } = QuickstartCommand.DefaultMaxTokens;

    /// <summary>A fixed speculation length, or <see langword="null"/> for the pipeline's own rule.</summary>
    public int? Length { get; init; }

    /// <summary>The provider of all models, or <see langword="null"/> for what suits them: the embedded ones are for the CPU, others run on the best there is.</summary>
    public ExecutionProvider? Provider { get; init; }

    /// <summary>The target's own provider, which wins over <see cref="Provider"/>; <see langword="null"/> where none was typed.</summary>
    public ExecutionProvider? TargetProvider { get; init; }

    /// <summary>The same for drafts and heads.</summary>
    public ExecutionProvider? DraftProvider { get; init; }

    /// <summary>The number of the GPU, or <see langword="null"/> for what each model's folder says, else 0.</summary>
    public int? DeviceId { get; init; }

    public bool Json { get; init; }
}
