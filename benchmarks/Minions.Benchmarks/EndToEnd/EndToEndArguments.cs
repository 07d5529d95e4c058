using Minions.Benchmarks.CommandLine;
using Minions.Benchmarks.EndToEnd.Arms;
using Minions.Benchmarks.Models;
using Minions.Benchmarks.Reporting;
using Minions.Core;
using Minions.Core.OnnxRuntime;
using Minions.Core.Sampling;
using Minions.Core.Speculation;

namespace Minions.Benchmarks.EndToEnd;

/// <summary>What a command line asks for.</summary>
internal sealed record EndToEndArguments
{
    public const int DefaultMaxTokens = 128;
    public const int DefaultLimit = 4;
    public const int DefaultRepeat = 3;

    /// <summary>The target's folder as typed, or <see langword="null"/> for the embedded one.</summary>
    public string? Target { get; init; }

    /// <summary>The drafts' folders as typed; empty for the embedded drafts or, with a target of the user's own, for none.</summary>
    public IReadOnlyList<string> Drafts { get; init; } = [];

    /// <summary>The heads' folders as typed; empty for the embedded one or, with a target of the user's own, for the one in its folder, if any.</summary>
    public IReadOnlyList<string> Heads { get; init; } = [];

    /// <summary>The prompt file as typed, or <see langword="null"/> for that of the embedded models.</summary>
    public string? Prompts { get; init; }

    /// <summary>The most prompts of a domain.</summary>
    public int Limit { get; init; } = DefaultLimit;

    public int MaxTokens { get; init; } = DefaultMaxTokens;

    /// <summary>0 for greedy decoding.</summary>
    public double Temperature { get; init; }

    public ulong Seed { get; init; }

    /// <summary>The same for requests.</summary>
    public SamplingOptions Sampling => new() { Temperature = Temperature, Seed = Seed };

    /// <summary>The length rule of every arm that has none of its own, or <see langword="null"/> for the library's default.</summary>
    public LengthRule? Length { get; init; }

    /// <summary>Which drafts run in a round.</summary>
    public DraftSelection Panel { get; init; }

    /// <summary><see cref="Panel"/> as typed.</summary>
    public string PanelName => Panel == DraftSelection.All ? "all" : "auto";

    /// <summary>How many requests are in flight.</summary>
    public int Concurrency { get; init; } = 1;

    /// <summary>The arms as typed, or <see langword="null"/> for the plain ones, every draft alone and the vote.</summary>
    public string? Arms { get; init; }

    public int Repeat { get; init; } = DefaultRepeat;

    /// <summary>Where to write the figures, <c>-</c> for standard output, or <see langword="null"/> for nowhere.</summary>
    public string? Json { get; init; }

    /// <summary>Whether the n-gram voter takes part in every arm that speculates.</summary>
    public bool Ngram { get; init; }

    public string TargetFolder => Target ?? RepositoryModels.SmolLm2.TargetFolder;

    public IReadOnlyList<string> DraftFolders => TakesEmbeddedDrafts ? RepositoryModels.SmolLm2.DraftFolders : Drafts;

    /// <summary>Where all models lie.</summary>
    public ModelFolders Folders => new(TargetFolder, TakesEmbeddedDrafts ? RepositoryModels.SmolLm2.HeadFolders : Heads, DraftFolders, Placement);

    public string PromptFile => Prompts ?? RepositoryModels.SmolLm2.PromptFile;

    /// <summary>What was typed of where models run.</summary>
    public ProviderChoice Providers { get; init; } = new();

    /// <summary>Where models run. The embedded int8 models have operators without CUDA kernels; others run where they can.</summary>
    public ModelPlacement Placement => Providers.Resolve(Target is null ? ExecutionProvider.Cpu : ExecutionProvider.Auto);

    /// <summary>Finds what can be told before a model is loaded.</summary>
    /// <exception cref="BadInputException">An argument cannot be used.</exception>
    public void Check()
    {
        CheckFolder("--target", Target);
        foreach (string head in Heads)
            CheckFolder("--head", head);
        foreach (string draft in Drafts)
            CheckFolder("--draft", draft);
        if (Voters().Names.GroupBy(name => name, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1) is { } alike)
            throw new BadInputException($"{(DraftNames.Contains(alike.Key) ? "--draft" : "--head")}: {alike.Count()} folders have the name '{alike.Key}', by which drafts are told apart.");
        if (Target is not null && Prompts is null)
            throw new BadInputException("--prompts: needed with --target; only the embedded models bring prompts.");
        JsonOutput.Check(Json);
    }

    /// <summary>The names of the drafts, in order.</summary>
    public IReadOnlyList<string> DraftNames => [.. DraftFolders.Select(NameOf)];

    /// <summary>The folder of a draft that is known to exist.</summary>
    public string DraftFolder(string name) => DraftFolders.First(folder => NameOf(folder) == name);

    /// <summary>All that guesses, by name.</summary>
    /// <exception cref="BadInputException">The configuration in the target's folder cannot be read.</exception>
    public LoadedVoters Voters()
    {
        try
        {
            return new LoadedVoters([.. Folders.HeadOptions().Select(head => head.Name!)], DraftNames, Ngram);
        }
        catch (ModelLoadException fault)
        {
            throw Describe(fault);
        }
    }

    /// <summary>The arms to run, with the length rule of all where they have none of their own.</summary>
    /// <exception cref="BadInputException">An arm cannot be used.</exception>
    public IReadOnlyList<Arm> ParseArms()
    {
        LoadedVoters voters = Voters();
        Arm[] arms = [.. ArmCatalogue.Parse(Arms ?? DefaultArms(voters), voters).Select(arm => arm.GenAI is null ? arm with { Length = arm.Length ?? Length } : arm)];
        new GenAIArmRules(GenAINatives.ArePresent).Check(arms, this);
        return arms;
    }

    /// <summary>Says which argument a fault of a model folder belongs to, in front of what the library says.</summary>
    public BadInputException Describe(ModelLoadException fault)
    {
        (string Argument, string? Typed) found = Drafts.Select(draft => (Argument: "--draft", Typed: (string?)draft))
            .Concat(Heads.Select(head => (Argument: "--head", Typed: (string?)head))).Append((Argument: "--target", Typed: Target))
            .Where(folder => folder.Typed is { } typed && (Mentions(fault.Path ?? "", typed) || Mentions(fault.Message, typed)))
            .OrderByDescending(folder => Mentions(fault.Path ?? "", folder.Typed!)).ThenByDescending(folder => Path.GetFullPath(folder.Typed!).Length)
            .FirstOrDefault();
        if (fault.Message.Contains("on CUDA", StringComparison.OrdinalIgnoreCase)
            && Providers.CudaArgument(found.Argument is null ? null : found.Argument != "--target") is { } asking)
        {
            return new BadInputException($"{asking} cuda: {fault.Message}", fault);
        }

        return new BadInputException(found.Argument is null ? fault.Message : $"{found.Argument} {found.Typed}: {fault.Message}", fault);
    }

    // Folders that are named take the place of all the embedded ones but the target.
    private bool TakesEmbeddedDrafts => Target is null && Drafts.Count + Heads.Count == 0;

    private static string DefaultArms(LoadedVoters voters) =>
        string.Join(',', ["plain", "plain-identical", .. voters.Names.Select(name => $"single:{name}"), .. voters.Names.Any() || voters.Ngram ? ["vote"] : Array.Empty<string>()]);

    private static string NameOf(string folder) => Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)));

    private static bool Mentions(string text, string typed) =>
        text.Contains(typed, StringComparison.Ordinal) || text.Contains(Path.TrimEndingDirectorySeparator(Path.GetFullPath(typed)), StringComparison.Ordinal);

    private static void CheckFolder(string argument, string? typed)
    {
        if (typed is null)
            return;
        if (string.IsNullOrWhiteSpace(typed))
            throw new BadInputException($"{argument}: the folder's name is empty.");
        if (!Directory.Exists(typed))
            throw new BadInputException($"{argument} {typed}: there is no such folder ('{Path.GetFullPath(typed)}').");
    }
}
