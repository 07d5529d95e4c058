using System.Runtime.ExceptionServices;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Minions.Core.Drafting.Ngram;
using Minions.Core.OnnxRuntime;
using Minions.Core.OnnxRuntime.Decoding;
using Minions.Core.OnnxRuntime.Heads;
using Minions.Core.Pipeline;
using Minions.Core.Tokenization;
using Minions.Core.Voting;

namespace Minions.Core.DependencyInjection;

/// <summary>
/// Loads what a pipeline is composed of, all models side by side. When one fails or the load is cancelled, the others are stopped, and those
/// that were loaded already are disposed.
/// </summary>
internal sealed class PipelineLoader(IServiceProvider services, string name, MinionsOptions options)
{
    private readonly PipelineComposition _composition = services.GetRequiredService<IOptionsMonitor<PipelineComposition>>().Get(name);
    private readonly ILogger? _logger = services.GetService<ILoggerFactory>()?.CreateLogger(typeof(SpeculativePipeline));

    public async Task<PipelineComponents> LoadAsync(CancellationToken cancellationToken)
    {
        await BlockingLoad.RunAsync(Validate, CancellationToken.None).WaitAsync(cancellationToken).ConfigureAwait(false);

        // What heads read decides what the target has to give.
        IReadOnlyList<OnnxHeadOptions> heads = await BlockingLoad.RunAsync(() => PipelineHeads.Of(options, Logger), CancellationToken.None).ConfigureAwait(false);
        IReadOnlyList<string> states = await BlockingLoad.RunAsync(() => PipelineHeads.StatesRead(heads), CancellationToken.None).ConfigureAwait(false);

        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task<ITextTokenizer?> tokenizer = StopOthersOnFault(LoadTokenizerAsync());
        Task<ITargetVerifier> target = StopOthersOnFault(LoadTargetAsync(states, stop.Token));
        Task<IDraftModel>[] drafts = [.. LoadDrafts(heads, stop.Token).Select(StopOthersOnFault)];
        Task[] all = [tokenizer, target, .. drafts];
        try
        {
            await Task.WhenAll(all).ConfigureAwait(false);
            cancellationToken.ThrowIfCancellationRequested();
            PipelineComponents components = Compose(
                await tokenizer.ConfigureAwait(false) ?? await LoadedTokenizerAsync(target).ConfigureAwait(false),
                await target.ConfigureAwait(false),
                await Task.WhenAll(drafts).ConfigureAwait(false));
            await BlockingLoad.RunAsync(() => RefuseMisfits(components, heads), CancellationToken.None).ConfigureAwait(false);
            return components.Settle();
        }
        catch
        {
            if (target.IsCompletedSuccessfully)
                (await target.ConfigureAwait(false)).Dispose();
            foreach (Task<IDraftModel> draft in drafts.Where(draft => draft.IsCompletedSuccessfully))
                (await draft.ConfigureAwait(false)).Dispose();

            // The fault that stopped the others tells more than that they were stopped.
            cancellationToken.ThrowIfCancellationRequested();
            if (all.FirstOrDefault(task => task.IsFaulted)?.Exception?.InnerException is { } cause)
                ExceptionDispatchInfo.Throw(cause);
            throw;
        }

        async Task<T> StopOthersOnFault<T>(Task<T> load)
        {
            try
            {
                return await load.ConfigureAwait(false);
            }
            catch
            {
                await stop.CancelAsync().ConfigureAwait(false);
                throw;
            }
        }
    }

    private bool Validate()
    {
        string[] faults =
        [
            .. services.GetServices<IValidateOptions<MinionsOptions>>()
                .Select(validator => validator.Validate(name, options))
                .Where(result => result.Failed)
                .SelectMany(result => result.Failures ?? []),
        ];
        return faults.Length == 0 ? true : throw new OptionsValidationException(name, typeof(MinionsOptions), faults);
    }

    private PipelineComponents Compose(ITextTokenizer? tokenizer, ITargetVerifier target, IDraftModel[] drafts) => new()
    {
        Target = target,
        Drafts = drafts,
        Tokenizer = tokenizer,
        EndTokens = options.EndTokens.Count == 0 ? null : options.EndTokens,
        VotingPolicy = Replacement<IVotingPolicy>() ?? new WeightedMajorityVote(),
        LengthController = Replacement<ISpeculationLengthController>(),
    };

    private T? Replacement<T>()
        where T : class => services.GetKeyedService<T>(new PolicyKey(name));

    private ILogger Logger => _logger ?? NullLogger.Instance;

    // One that the target brings was not there while the drafts loaded.
    private async Task<ITextTokenizer?> LoadedTokenizerAsync(Task<ITargetVerifier> target)
    {
        if ((await target.ConfigureAwait(false)).Tokenizer is not { } tokenizer)
            return null;
        await BlockingLoad.RunAsync(() => RefuseDifferent(tokenizer, "of the target"), CancellationToken.None).ConfigureAwait(false);
        return tokenizer;
    }

    private bool RefuseMisfits(PipelineComponents components, IReadOnlyList<OnnxHeadOptions> heads)
    {
        for (int i = 0; i < components.Drafts.Count; i++)
        {
            IDraftModel draft = components.Drafts[i];
            if (components.FindMisfit(draft) is { } misfit)
                throw new ModelLoadException($"Draft '{draft.Name}' does not fit the target: {misfit.TrimEnd('.')}.{(i < heads.Count ? AdviceFor(heads[i]) : "")}");
        }

        return true;
    }

    // Nobody named a head that lies in the target's folder.
    private string AdviceFor(OnnxHeadOptions head) =>
        options.Heads.Contains(head) ? "" : $" It lies in the target's folder; {nameof(MinionsOptions.UseTargetHead)} = false leaves it off.";

    private async Task<ITargetVerifier> LoadTargetAsync(IReadOnlyList<string> states, CancellationToken cancellationToken) => _composition.Target is { } factory
        ? await BlockingLoad.RunAsync(() => Made(factory(services), "UseTarget"), CancellationToken.None).ConfigureAwait(false)
        : await OnnxTargetVerifier.LoadAsync(options.Target!, states, needsEndToken: options.EndTokens.Count == 0, _logger, cancellationToken).ConfigureAwait(false);

    private IEnumerable<Task<IDraftModel>> LoadDrafts(IReadOnlyList<OnnxHeadOptions> heads, CancellationToken cancellationToken)
    {
        string[] names = DraftNames.Of([.. heads, .. options.Drafts]);
        return
        [
            .. heads.Zip(names, (head, headName) => LoadHeadAsync(head, headName, cancellationToken)),
            .. options.Drafts.Zip(names.Skip(heads.Count), (draft, draftName) => LoadDraftAsync(draft, draftName, cancellationToken)),
            .. options.Ngram is { } ngram ? [Task.FromResult<IDraftModel>(new NgramDraft(ngram))] : Array.Empty<Task<IDraftModel>>(),
            .. _composition.Drafts.Select(factory => BlockingLoad.RunAsync(() => Made(factory(services), "AddDraft"), CancellationToken.None)),
        ];
    }

    private async Task<IDraftModel> LoadDraftAsync(OnnxModelOptions draft, string draftName, CancellationToken cancellationToken) =>
        await OnnxDraftModel.LoadAsync(draft, draftName, Logger, cancellationToken).ConfigureAwait(false);

    private async Task<IDraftModel> LoadHeadAsync(OnnxHeadOptions head, string headName, CancellationToken cancellationToken)
    {
        try
        {
            HeadTarget? target = options.Target is { } used ? new HeadTarget(used.Folder, used.ModelFile) : null;
            return await OnnxHeadModel.LoadAsync(head, headName, target, Logger, cancellationToken).ConfigureAwait(false);
        }
        catch (ModelLoadException fault) when (AdviceFor(head) is { Length: > 0 } advice)
        {
            throw new ModelLoadException(fault.Message + advice, fault.Path, fault);
        }
    }

    private Task<ITextTokenizer?> LoadTokenizerAsync() => BlockingLoad.RunAsync(() =>
    {
        ITextTokenizer? tokenizer = _composition.Tokenizer is { } factory ? Made(factory(services), "UseTokenizer")
            : options.Target is { } target ? HuggingFaceTokenizer.Load(target.Folder)
            : null;
        if (tokenizer is not null)
            RefuseDifferent(tokenizer, _composition.Tokenizer is null ? $"of the target '{options.Target!.Folder}'" : "given by UseTokenizer");
        return tokenizer;
    }, CancellationToken.None);

    private bool RefuseDifferent(ITextTokenizer reference, string whose)
    {
        foreach (string draft in options.Drafts.Select(draft => draft.Folder))
        {
            if (TokenizerComparison.FindDifference(reference, draft) is { } difference)
            {
                throw new ModelLoadException(
                    $"The draft '{draft}' cannot guess for the tokenizer {whose}: {difference}. Take a draft that was made for this target's tokenizer.",
                    draft);
            }
        }

        return true;
    }

    private static T Made<T>(T? product, string method)
        where T : class => product ?? throw new InvalidOperationException($"The factory given to {method} returned null instead of a {typeof(T).Name}.");
}
