using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.DependencyInjection;
using Minions.Core.Drafting.Ngram;
using Minions.Core.OnnxRuntime;
using Minions.Core.Tokenization;

namespace Minions.Core.DependencyInjection;

/// <summary>Says what a registered pipeline is composed of. Of two calls that set the same thing the later one counts.</summary>
public sealed class MinionsBuilder
{
    private bool _namesTargetFolder;

    internal MinionsBuilder(IServiceCollection services, string name)
    {
        Services = services;
        Name = name;
    }

    /// <summary>The services that the pipeline is registered with.</summary>
    public IServiceCollection Services { get; }

    /// <summary>The pipeline's name, key and options name; empty for the default pipeline.</summary>
    public string Name { get; }

    private PolicyKey PolicyKey => new(Name);

    /// <summary>Generates with the ONNX model of a folder; other settings of <see cref="MinionsOptions.Target"/> are kept.</summary>
    /// <param name="folder">The model folder, see <see cref="OnnxModelOptions.Folder"/>.</param>
    /// <returns>This builder.</returns>
    /// <exception cref="ArgumentException"><paramref name="folder"/> is empty.</exception>
    public MinionsBuilder UseTarget(string folder)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(folder);
        _namesTargetFolder = true;
        Services.Configure<MinionsOptions>(Name, options => (options.Target ??= new OnnxModelOptions()).Folder = folder);
        return Compose(composition => composition.Target = null);
    }

    /// <summary>Generates with a verifier of your own in place of an ONNX model folder, also of one that <see cref="UseTarget(string)"/> named before.</summary>
    /// <param name="factory">
    /// Makes the verifier whenever the models are loaded, on a thread of its own, so that it may block. The pipeline disposes what it returns.
    /// </param>
    /// <returns>This builder.</returns>
    public MinionsBuilder UseTarget(Func<IServiceProvider, ITargetVerifier> factory)
    {
        ArgumentNullException.ThrowIfNull(factory);
        if (_namesTargetFolder)
            Services.Configure<MinionsOptions>(Name, options => options.Target = null);
        _namesTargetFolder = false;
        return Compose(composition => composition.Target = factory);
    }

    /// <summary>Adds the ONNX model of a folder to the drafts.</summary>
    /// <param name="folder">The model folder, see <see cref="OnnxModelOptions.Folder"/>.</param>
    /// <returns>This builder.</returns>
    /// <exception cref="ArgumentException"><paramref name="folder"/> is empty.</exception>
    public MinionsBuilder AddDraft(string folder)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(folder);
        Services.Configure<MinionsOptions>(Name, options => options.Drafts.Add(new OnnxModelOptions { Folder = folder }));
        return this;
    }

    /// <summary>Adds a head, a draft that reads the target's states; it comes before the other drafts.</summary>
    /// <param name="folder">The head's folder, see <see cref="OnnxHeadOptions"/>.</param>
    /// <param name="configure">Sets its other options; <see langword="null"/> leaves them as they are.</param>
    /// <returns>This builder.</returns>
    /// <exception cref="ArgumentException"><paramref name="folder"/> is empty.</exception>
    public MinionsBuilder AddHead(string folder, Action<OnnxHeadOptions>? configure = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(folder);
        Services.Configure<MinionsOptions>(Name, options =>
        {
            var head = new OnnxHeadOptions { Folder = folder };
            configure?.Invoke(head);
            options.Heads.Add(head);
        });
        return this;
    }

    /// <summary>Adds a draft of your own; it comes after those of <see cref="MinionsOptions.Drafts"/>.</summary>
    /// <param name="factory">
    /// Makes the draft whenever the models are loaded, on a thread of its own, so that it may block. The pipeline disposes what it returns.
    /// Its ids must be the target's; no tokenizers are compared.
    /// </param>
    /// <returns>This builder.</returns>
    public MinionsBuilder AddDraft(Func<IServiceProvider, IDraftModel> factory)
    {
        ArgumentNullException.ThrowIfNull(factory);
        return Compose(composition => composition.Drafts.Add(factory));
    }

    /// <summary>
    /// Adds a draft that finds repetitions in the text itself (see <see cref="NgramDraft"/>); it comes after those of
    /// <see cref="MinionsOptions.Drafts"/> and before your own.
    /// </summary>
    /// <param name="configure">Sets its options, on top of <see cref="MinionsOptions.Ngram"/>; <see langword="null"/> leaves them as they are.</param>
    /// <returns>This builder.</returns>
    public MinionsBuilder AddNgramDraft(Action<NgramDraftOptions>? configure = null)
    {
        Services.Configure<MinionsOptions>(Name, options =>
        {
            options.Ngram ??= new NgramDraftOptions();
            configure?.Invoke(options.Ngram);
        });
        return this;
    }

    /// <summary>
    /// Turns text into ids with a tokenizer of your own in place of the one in the target's folder, which then needs none. That the drafts
    /// know the same ids is then your promise, unless it is a <see cref="HuggingFaceTokenizer"/>, which is compared with theirs.
    /// </summary>
    /// <param name="factory">Makes the tokenizer whenever the models are loaded, on a thread of its own, so that it may block.</param>
    /// <returns>This builder.</returns>
    public MinionsBuilder UseTokenizer(Func<IServiceProvider, ITextTokenizer> factory)
    {
        ArgumentNullException.ThrowIfNull(factory);
        return Compose(composition => composition.Tokenizer = factory);
    }

    /// <summary>Votes with another policy than the weighted majority of the paper.</summary>
    /// <typeparam name="TPolicy">The policy: one instance for the pipeline, made and disposed by the container.</typeparam>
    /// <returns>This builder.</returns>
    public MinionsBuilder UseVotingPolicy<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] TPolicy>()
        where TPolicy : class, IVotingPolicy
    {
        Services.AddKeyedSingleton<IVotingPolicy, TPolicy>(PolicyKey);
        return this;
    }

    /// <summary>Votes with another policy than the weighted majority of the paper.</summary>
    /// <param name="factory">Makes the policy: one instance for the pipeline, disposed by the container.</param>
    /// <returns>This builder.</returns>
    public MinionsBuilder UseVotingPolicy(Func<IServiceProvider, IVotingPolicy> factory)
    {
        ArgumentNullException.ThrowIfNull(factory);
        Services.AddKeyedSingleton(PolicyKey, (services, _) => factory(services));
        return this;
    }

    /// <summary>Chooses speculation lengths with another controller than the default rule.</summary>
    /// <typeparam name="TController">The controller: one instance for the pipeline, made and disposed by the container.</typeparam>
    /// <returns>This builder.</returns>
    public MinionsBuilder UseSpeculationLengthController<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] TController>()
        where TController : class, ISpeculationLengthController
    {
        Services.AddKeyedSingleton<ISpeculationLengthController, TController>(PolicyKey);
        return Compose(composition => composition.HasLengthController = true);
    }

    /// <summary>Chooses speculation lengths with another controller than the default rule.</summary>
    /// <param name="factory">Makes the controller: one instance for the pipeline, disposed by the container.</param>
    /// <returns>This builder.</returns>
    public MinionsBuilder UseSpeculationLengthController(Func<IServiceProvider, ISpeculationLengthController> factory)
    {
        ArgumentNullException.ThrowIfNull(factory);
        Services.AddKeyedSingleton(PolicyKey, (services, _) => factory(services));
        return Compose(composition => composition.HasLengthController = true);
    }

    private MinionsBuilder Compose(Action<PipelineComposition> change)
    {
        Services.Configure(Name, change);
        return this;
    }
}
