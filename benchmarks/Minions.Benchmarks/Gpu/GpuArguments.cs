using Minions.Benchmarks.CommandLine;
using Minions.Benchmarks.EndToEnd;
using Minions.Benchmarks.Models;
using Minions.Benchmarks.Reporting;
using Minions.Core.OnnxRuntime;

namespace Minions.Benchmarks.Gpu;

/// <summary>What a command line asks for that checks a GPU.</summary>
internal sealed record GpuArguments
{
    public const int DefaultLimit = 2;
    public const int DefaultMaxTokens = 128;
    public const int DefaultRepeat = 2;

    /// <summary>The target's folder as typed, or <see langword="null"/> for the models of the repository.</summary>
    public string? Target { get; init; }

    /// <summary>The drafts' folders as typed.</summary>
    public IReadOnlyList<string> Drafts { get; init; } = [];

    /// <summary>The heads' folders as typed.</summary>
    public IReadOnlyList<string> Heads { get; init; } = [];

    /// <summary>The prompt file as typed.</summary>
    public string? Prompts { get; init; }

    public int Limit { get; init; } = DefaultLimit;

    public int MaxTokens { get; init; } = DefaultMaxTokens;

    public int Repeat { get; init; } = DefaultRepeat;

    /// <summary>Where to write the figures, <c>-</c> for standard output, or <see langword="null"/> for nowhere.</summary>
    public string? Json { get; init; }

    /// <summary>What was typed of where models run.</summary>
    public ProviderChoice Providers { get; init; } = new();

    /// <summary>Where they run.</summary>
    public ModelPlacement Placement => Providers.Resolve(ExecutionProvider.Cuda);

    /// <summary>Finds what can be told before a model is loaded.</summary>
    /// <exception cref="BadInputException">An argument cannot be used.</exception>
    public void Check()
    {
        if (Target is null && (Drafts.Count + Heads.Count > 0 || Prompts is not null))
            throw new BadInputException("--draft, --head and --prompts: needed together with --target; the models of the repository bring their own.");
        JsonOutput.Check(Json);
        Sets(halfFolder: null)[^1].Arguments.Check();
    }

    /// <summary>What is checked, one after the other.</summary>
    /// <param name="halfFolder">The folder of the test models in float16; <see langword="null"/> where there is none yet, for what needs none.</param>
    public IReadOnlyList<GpuSet> Sets(string? halfFolder)
    {
        EndToEndArguments common = new()
        {
            Limit = Limit,
            MaxTokens = MaxTokens,
            Repeat = Repeat,
            Arms = "plain,plain-identical,vote",
            Ngram = true,
            Providers = new ProviderChoice { TargetProvider = Placement.Target, DraftProvider = Placement.Drafts, DeviceId = Placement.DeviceId },
        };
        if (Target is not null)
            return [new GpuSet(Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(Target))), common with { Target = Target, Drafts = Drafts, Heads = Heads, Prompts = Prompts, Providers = Typed() })];

        RepositoryModels smolLm2 = RepositoryModels.SmolLm2;
        RepositoryModels family = RepositoryModels.Family;
        EndToEndArguments embedded = common with { Target = smolLm2.TargetFolder, Heads = smolLm2.HeadFolders, Prompts = smolLm2.PromptFile };
        return halfFolder is null
            ? [new GpuSet("SmolLM2, int8", embedded)]
            :
            [
                new GpuSet("test models, float16", common with
                {
                    Target = Path.Combine(halfFolder, "target"),
                    Drafts = [.. family.Drafts.Select(draft => Path.Combine(halfFolder, draft))],
                    Prompts = family.PromptFile,
                }),
                new GpuSet("SmolLM2, int8", embedded),
            ];
    }

    // As typed, so that a fault names the argument; cuda where nothing was.
    private ProviderChoice Typed() => Providers with { Provider = Providers.Provider ?? ExecutionProvider.Cuda };
}

/// <summary>Models that are checked together.</summary>
/// <param name="Name">What they are called in reports.</param>
/// <param name="Arguments">What is measured of them.</param>
internal sealed record GpuSet(string Name, EndToEndArguments Arguments);
