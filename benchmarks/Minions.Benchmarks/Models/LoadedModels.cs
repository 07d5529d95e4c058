using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Minions.Core;
using Minions.Core.DependencyInjection;
using Minions.Core.OnnxRuntime;
using Minions.Core.OnnxRuntime.Heads;
using Minions.Core.Pipeline;
using Minions.Core.Speculation;
using Minions.Core.Tokenization;

namespace Minions.Benchmarks.Models;

/// <summary>Models loaded once and shared by all pipelines of a command.</summary>
internal sealed class LoadedModels : IDisposable
{
    private readonly OnnxTargetVerifier _target;
    private readonly IReadOnlyList<OnnxHeadModel> _heads;
    private readonly IReadOnlyList<OnnxDraftModel> _drafts;

    private LoadedModels(OnnxTargetVerifier target, IReadOnlyList<OnnxHeadModel> heads, IReadOnlyList<OnnxDraftModel> drafts, ITextTokenizer tokenizer)
    {
        (_target, _heads, _drafts) = (target, heads, drafts);
        Drafts = [.. heads, .. drafts];
        Tokenizer = tokenizer;
    }

    public ITargetVerifier Target => _target;

    /// <summary>All that guesses, the heads first, as in a pipeline.</summary>
    public IReadOnlyList<IDraftModel> Drafts { get; }

    /// <summary>Those that read the target's states.</summary>
    public IReadOnlyList<IDraftModel> Heads => _heads;

    public ITextTokenizer Tokenizer { get; }

    /// <summary>Where the target runs.</summary>
    public ExecutionProvider TargetProvider => _target.Provider;

    /// <summary>Where each of <see cref="Drafts"/> runs, by its name.</summary>
    public IReadOnlyDictionary<string, ExecutionProvider> DraftProviders =>
        _heads.Select(head => (head.Name, head.Provider)).Concat(_drafts.Select(draft => (draft.Name, draft.Provider))).ToDictionary(draft => draft.Name, draft => draft.Provider, StringComparer.Ordinal);

    /// <summary>Completes when no session for several requests is being made.</summary>
    public Task SizesSettled => Task.WhenAll([_target.SessionsSettled, .. _heads.Select(head => head.SessionsSettled), .. _drafts.Select(draft => draft.SessionsSettled)]);

    /// <summary>Loads models of the repository.</summary>
    public static Task<LoadedModels> LoadAsync(RepositoryModels models, CancellationToken cancellationToken) => LoadAsync(ModelFolders.Of(models), NullLogger.Instance, cancellationToken);

    /// <summary>The same of folders that are named.</summary>
    public static Task<LoadedModels> LoadAsync(ModelFolders folders, CancellationToken cancellationToken) => LoadAsync(folders, NullLogger.Instance, cancellationToken);

    /// <summary>Loads models from folders of any supported layout. The target can give the states that the heads read; a pipeline without heads asks for none.</summary>
    /// <exception cref="ModelLoadException">A folder cannot be used, a draft's tokenizer is not the target's, or a head does not fit the target.</exception>
    public static async Task<LoadedModels> LoadAsync(ModelFolders folders, ILogger logger, CancellationToken cancellationToken)
    {
        var heads = new List<OnnxHeadModel>();
        var drafts = new List<OnnxDraftModel>();
        OnnxTargetVerifier? target = null;
        try
        {
            HuggingFaceTokenizer tokenizer = HuggingFaceTokenizer.Load(folders.Target);
            foreach (string draft in folders.Drafts)
                RefuseOtherTokenizer(tokenizer, folders.Target, draft);
            IReadOnlyList<OnnxHeadOptions> headOptions = folders.HeadOptions();
            target = await OnnxTargetVerifier.LoadAsync(folders.TargetOptions, PipelineHeads.StatesRead(headOptions), needsEndToken: true, logger, cancellationToken);
            foreach (OnnxHeadOptions head in headOptions)
            {
                heads.Add(await OnnxHeadModel.LoadAsync(head, head.Name, new HeadTarget(folders.Target, null), logger, cancellationToken));
                RefuseMisfit(heads[^1], target, head.Folder);
            }

            foreach (string draft in folders.Drafts)
                drafts.Add(await OnnxDraftModel.LoadAsync(folders.Placement.Draft(draft), logger, cancellationToken));
            return new LoadedModels(target, heads, drafts, tokenizer);
        }
        catch
        {
            heads.ForEach(head => head.Dispose());
            drafts.ForEach(draft => draft.Dispose());
            target?.Dispose();
            throw;
        }
    }

    /// <summary>A pipeline of the target and some drafts, all of which run in every round; it leaves the models open, and every request runs its whole prompt.</summary>
    public SpeculativePipeline Pipeline(IReadOnlyList<IDraftModel> drafts, int length) =>
        new(Compose(drafts, length), new PipelineOptions { PrefixCacheSize = 0, Speculation = { DraftSelection = DraftSelection.All } });

    /// <summary>A pipeline of all models as a server would have it: caches of finished requests are kept for those that continue them.</summary>
    public SpeculativePipeline ServingPipeline(int length) => new(Compose(Drafts, length));

    public void Dispose()
    {
        foreach (IDraftModel draft in Drafts)
            draft.Dispose();
        Target.Dispose();
    }

    private static void RefuseOtherTokenizer(HuggingFaceTokenizer tokenizer, string target, string draft)
    {
        if (TokenizerComparison.FindDifference(tokenizer, draft) is { } difference)
            throw new ModelLoadException($"The draft '{draft}' cannot guess for the tokenizer of the target '{target}': {difference}.", draft);
    }

    private static void RefuseMisfit(OnnxHeadModel head, ITargetVerifier target, string folder)
    {
        if (head.FindMisfit(target, tokenizer: null) is { } misfit)
            throw new ModelLoadException($"The head '{head.Name}' does not fit the target: {misfit}.", folder);
    }

    private PipelineComponents Compose(IReadOnlyList<IDraftModel> drafts, int length) => new()
    {
        Target = Target,
        Drafts = drafts,
        Tokenizer = Tokenizer,
        LengthController = new FixedSpeculationLength(length),
        LeaveOpen = true,
    };
}
