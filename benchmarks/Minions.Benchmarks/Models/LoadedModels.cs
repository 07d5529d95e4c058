using Minions.Core;
using Minions.Core.OnnxRuntime;
using Minions.Core.Pipeline;
using Minions.Core.Speculation;
using Minions.Core.Tokenization;

namespace Minions.Benchmarks.Models;

/// <summary>Models loaded once and shared by all pipelines of a command.</summary>
internal sealed class LoadedModels : IDisposable
{
    private readonly OnnxTargetVerifier _target;
    private readonly IReadOnlyList<OnnxDraftModel> _drafts;

    private LoadedModels(OnnxTargetVerifier target, IReadOnlyList<OnnxDraftModel> drafts, ITextTokenizer tokenizer)
    {
        _target = target;
        _drafts = drafts;
        Tokenizer = tokenizer;
    }

    public ITargetVerifier Target => _target;

    public IReadOnlyList<IDraftModel> Drafts => _drafts;

    public ITextTokenizer Tokenizer { get; }

    public int DraftCount => Drafts.Count;

    /// <summary>Completes when no session for several requests is being made.</summary>
    public Task SizesSettled => Task.WhenAll([_target.SessionsSettled, .. _drafts.Select(draft => draft.SessionsSettled)]);

    /// <summary>Loads models of the repository on the CPU: their int8 weights have operators without CUDA kernels.</summary>
    public static Task<LoadedModels> LoadAsync(RepositoryModels models, CancellationToken cancellationToken) =>
        LoadAsync(models.TargetFolder, models.DraftFolders, ExecutionProvider.Cpu, cancellationToken);

    /// <summary>Loads models from folders of any supported layout.</summary>
    /// <exception cref="ModelLoadException">A folder cannot be used, or a draft's tokenizer is not the target's.</exception>
    public static async Task<LoadedModels> LoadAsync(
        string targetFolder, IReadOnlyList<string> draftFolders, ExecutionProvider provider, CancellationToken cancellationToken)
    {
        var drafts = new List<OnnxDraftModel>();
        OnnxTargetVerifier? target = null;
        try
        {
            HuggingFaceTokenizer tokenizer = HuggingFaceTokenizer.Load(targetFolder);
            foreach (string draft in draftFolders)
                RefuseOtherTokenizer(tokenizer, targetFolder, draft);
            target = await OnnxTargetVerifier.LoadAsync(new OnnxModelOptions { Folder = targetFolder, Provider = provider }, cancellationToken: cancellationToken);
            foreach (string draft in draftFolders)
                drafts.Add(await OnnxDraftModel.LoadAsync(new OnnxModelOptions { Folder = draft, Provider = provider }, cancellationToken: cancellationToken));
            return new LoadedModels(target, drafts, tokenizer);
        }
        catch
        {
            drafts.ForEach(draft => draft.Dispose());
            target?.Dispose();
            throw;
        }
    }

    /// <summary>A pipeline of the target and the first drafts, all of which run in every round; it leaves the models open, and every request runs its whole prompt.</summary>
    public SpeculativePipeline Pipeline(int drafts, int length) => new(Compose(drafts, length), new PipelineOptions { PrefixCacheSize = 0, Speculation = { DraftSelection = DraftSelection.All } });

    /// <summary>A pipeline as a server would have it: caches of finished requests are kept for those that continue them.</summary>
    public SpeculativePipeline ServingPipeline(int drafts, int length) => new(Compose(drafts, length));

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

    private PipelineComponents Compose(int drafts, int length) => new()
    {
        Target = Target,
        Drafts = [.. Drafts.Take(drafts)],
        Tokenizer = Tokenizer,
        LengthController = new FixedSpeculationLength(length),
        LeaveOpen = true,
    };
}
