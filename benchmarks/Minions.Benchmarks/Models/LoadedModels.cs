using Minions.Core;
using Minions.Core.OnnxRuntime;
using Minions.Core.Pipeline;
using Minions.Core.SpeculationLength;
using Minions.Core.Tokenization;

namespace Minions.Benchmarks.Models;

/// <summary>Models loaded once and shared by all pipelines of a command.</summary>
internal sealed class LoadedModels : IDisposable
{
    private readonly OnnxTargetVerifier _target;
    private readonly IReadOnlyList<OnnxDraftModel> _drafts;
    private readonly ITextTokenizer _tokenizer;

    private LoadedModels(OnnxTargetVerifier target, IReadOnlyList<OnnxDraftModel> drafts, ITextTokenizer tokenizer)
    {
        _target = target;
        _drafts = drafts;
        _tokenizer = tokenizer;
    }

    public int DraftCount => _drafts.Count;

    public static async Task<LoadedModels> LoadAsync(RepositoryModels models, CancellationToken cancellationToken)
    {
        string targetFolder = Path.Combine(models.Folder, "target");
        var drafts = new List<OnnxDraftModel>();
        OnnxTargetVerifier? target = null;
        try
        {
            target = await OnnxTargetVerifier.LoadAsync(OnCpu(targetFolder), cancellationToken: cancellationToken);
            foreach (string draft in models.Drafts)
                drafts.Add(await OnnxDraftModel.LoadAsync(OnCpu(Path.Combine(models.Folder, draft)), cancellationToken: cancellationToken));
            return new LoadedModels(target, drafts, HuggingFaceTokenizer.Load(targetFolder));
        }
        catch
        {
            drafts.ForEach(draft => draft.Dispose());
            target?.Dispose();
            throw;
        }
    }

    /// <summary>A pipeline of the target and the first drafts; it leaves the models open, and every request runs its whole prompt.</summary>
    public SpeculativePipeline Pipeline(int drafts, int length) => new(Compose(drafts, length), new PipelineOptions { MaxIdleSequences = 0 });

    /// <summary>A pipeline as a server would have it: caches of finished requests are kept for those that continue them.</summary>
    public SpeculativePipeline ServingPipeline(int drafts, int length) => new(Compose(drafts, length));

    public void Dispose()
    {
        foreach (OnnxDraftModel draft in _drafts)
            draft.Dispose();
        _target.Dispose();
    }

    private PipelineComponents Compose(int drafts, int length) => new()
    {
        Target = _target,
        Drafts = [.. _drafts.Take(drafts)],
        Tokenizer = _tokenizer,
        EndTokens = _target.EndTokens,
        LengthController = new FixedSpeculationLength(length),
        LeaveOpen = true,
    };

    // The repository's int8 models have operators without CUDA kernels.
    private static OnnxModelOptions OnCpu(string folder) => new() { Folder = folder, Provider = ExecutionProvider.Cpu };
}
