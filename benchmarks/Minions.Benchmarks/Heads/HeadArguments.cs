using Minions.Benchmarks.Models;
using Minions.Benchmarks.Reporting;
using Minions.Core.OnnxRuntime;

namespace Minions.Benchmarks.Heads;

/// <summary>What a command line asks for that checks a head.</summary>
internal sealed record HeadArguments
{
    public const int DefaultMaxTokens = 128;

    /// <summary>The head's folder as typed.</summary>
    public required string Folder { get; init; }

    /// <summary>The target's folder as typed, or <see langword="null"/> for the embedded one.</summary>
    public string? Target { get; init; }

    /// <summary>The prompt file as typed, or <see langword="null"/> for that of the embedded models.</summary>
    public string? Prompts { get; init; }

    /// <summary>The most prompts of a domain.</summary>
    public int Limit { get; init; } = int.MaxValue;

    public int MaxTokens { get; init; } = DefaultMaxTokens;

    /// <summary>How many of the newest positions' states the head knows when a chain begins, its cache being empty; 0 for all, its cache being kept.</summary>
    public int Window { get; init; }

    /// <summary>Where to write the figures, <c>-</c> for standard output, or <see langword="null"/> for nowhere.</summary>
    public string? Json { get; init; }

    public string TargetFolder => Target ?? RepositoryModels.SmolLm2.TargetFolder;

    public string PromptFile => Prompts ?? RepositoryModels.SmolLm2.PromptFile;

    /// <summary>The embedded int8 target has operators without CUDA kernels; others run where they can.</summary>
    public ModelFolders Folders => new(TargetFolder, [Folder], [], ModelPlacement.Of(Target is null ? ExecutionProvider.Cpu : ExecutionProvider.Auto)) { UsesTargetHead = false };

    /// <summary>Finds what can be told before a model is loaded.</summary>
    /// <exception cref="BadInputException">An argument cannot be used.</exception>
    public void Check()
    {
        if (!Directory.Exists(Folder))
            throw new BadInputException($"FOLDER '{Folder}': there is no such folder. Name the one with the head's ONNX file and its head_config.json.");
        if (Target is { } target && !Directory.Exists(target))
            throw new BadInputException($"--target {target}: there is no such folder ('{Path.GetFullPath(target)}').");
        if (Target is not null && Prompts is null)
            throw new BadInputException("--prompts: needed with --target; only the embedded target brings prompts.");
        JsonOutput.Check(Json);
    }
}
