using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;
using Minions.Core.Drafting.Ngram;
using Minions.Core.OnnxRuntime;
using Minions.Core.Pipeline;

namespace Minions.Core.DependencyInjection;

/// <summary>The models of a pipeline and how it runs, from code or configuration.</summary>
/// <remarks>
/// Checked when the host starts and again when the pipeline loads; both times every fault is listed in one
/// <see cref="OptionsValidationException"/>. The values are read once: later changes of the configuration have no effect on a pipeline that
/// was resolved already.
/// </remarks>
public sealed class MinionsOptions
{
    /// <summary>The model whose text is generated. Default: none; one has to be given here or by the builder.</summary>
    [ValidateObjectMembers]
    public OnnxModelOptions? Target { get; set; }

    /// <summary>The models that guess ahead, at most 64, no two the same. Default: none, which means plain decoding.</summary>
    [ValidateEnumeratedItems]
    public List<OnnxModelOptions> Drafts { get; } = [];

    /// <summary>
    /// Heads: drafts that read the target's states. They vote before <see cref="Drafts"/>, with which they are at most 64. Default: none named, but see
    /// <see cref="UseTargetHead"/>.
    /// </summary>
    [ValidateEnumeratedItems]
    public List<OnnxHeadOptions> Heads { get; } = [];

    /// <summary>
    /// Whether a head that the target's folder itself names (<c>model.mtp</c> in its <c>genai_config.json</c>) takes part, called <c>mtp</c>. Default:
    /// <see langword="true"/>. No effect on a folder that names none.
    /// </summary>
    public bool UseTargetHead { get; set; } = true;

    /// <summary>
    /// A draft that finds repetitions in the text itself, in addition to <see cref="Drafts"/>. Default: none. In configuration the object
    /// needs a member at least, such as <c>"Name": "ngram"</c>.
    /// </summary>
    [ValidateObjectMembers]
    public NgramDraftOptions? Ngram { get; set; }

    /// <summary>The ids that end a text, 0 or greater. Default: none named, which means the target's own, for a model folder those that it names.</summary>
    public List<int> EndTokens { get; } = [];

    /// <summary>How the pipeline runs, speculation included.</summary>
    [Required]
    [ValidateObjectMembers]
    public PipelineOptions Pipeline { get; set; } = new();

    /// <summary>What configuration sections hold that cannot be bound, each with its key.</summary>
    internal List<string> ConfigurationFaults { get; } = [];
}
