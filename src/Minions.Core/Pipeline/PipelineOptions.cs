using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;
using Minions.Core.Pipeline.PreDrafting;
using Minions.Core.Speculation;

namespace Minions.Core.Pipeline;

/// <summary>How a pipeline runs. Speed and memory depend on it, texts do not.</summary>
/// <remarks>A pipeline copies its options when it is made: later changes have no effect on it.</remarks>
public sealed class PipelineOptions : IValidatableObject
{
    /// <summary>
    /// The most requests in work at once; each holds a KV cache of the target and of every draft. Further calls wait their turn without
    /// blocking a thread. 1 to 1024, default 16.
    /// </summary>
    [Range(1, 1024)]
    public int MaxConcurrentRequests { get; set; } = 16;

    /// <summary>
    /// The most calls that may wait for admission, 0 or more; one more ends at once with a <see cref="PipelineBusyException"/>, so that an
    /// overloaded server can answer instead of letting its callers time out. Default (<see langword="null"/>): any number waits.
    /// </summary>
    [Range(0, int.MaxValue)]
    public int? MaxQueuedRequests { get; set; }

    /// <summary>
    /// The KV caches of finished requests that are kept for requests that continue them, as the turns of a chat do: a prompt's longest common
    /// prefix with one of them is not run again. The least recently used one gives way. Each holds the memory of one request's caches, target
    /// and drafts. 0 (none) to 1024, default 4.
    /// </summary>
    [Range(0, 1024)]
    public int PrefixCacheSize { get; set; } = 4;

    /// <summary>
    /// Whether <see cref="SpeculativePipeline.LoadAsync(CancellationToken)"/> runs a short text of its own when the models are loaded, default
    /// <see langword="true"/>: it touches code, memory and widths of run that requests will use and learns what they cost, which adds some tenths of
    /// a second to the load of small models and a few dozen runs of the target to that of larger ones. Only models that want it take part
    /// (<see cref="ITargetVerifier.WantsWarmUp"/>); calls that do not wait for the load go without.
    /// </summary>
    public bool WarmUp { get; set; } = true;

    /// <summary>
    /// Whether disposal lets requests in work come to their end. Default: they end with an <see cref="ObjectDisposedException"/>, as those that
    /// still wait for admission do in either case.
    /// </summary>
    public bool DrainOnDispose { get; set; }

    /// <summary>
    /// Whether drafting of some requests overlaps verification of others (Minions, arXiv 2402.15678, section 4.3), or all requests draft and
    /// are verified in turns, which keeps them together in wide runs. Default (<see langword="null"/>): overlap on machines with more than four
    /// processors; on fewer the two would only take the processors from each other. A request alone always takes turns, but see
    /// <see cref="PreDraft"/>.
    /// </summary>
    public bool? OverlapDrafting { get; set; }

    /// <summary>
    /// Whether the drafts of a request that is alone go on behind its chain while the target checks it: where they guessed right, acceptance
    /// and the target's own id included, the next round's proposals are there already. Default (<see langword="null"/>): as far as it saves
    /// time, which is tried out for some rounds now and then, on machines with more than two processors; on fewer the target's run needs them
    /// all. Has no effect on drafts that cannot (<see cref="IDraftModel.SupportsPreDrafting"/>).
    /// </summary>
    public bool? PreDraft { get; set; }

    /// <summary>
    /// The threads that drafts run on side by side, each for some of the requests, 1 to 64. Default (<see langword="null"/>): as many as the
    /// machine has processors, but no more than there can be work for.
    /// </summary>
    [Range(1, 64)]
    public int? DraftThreads { get; set; }

    /// <summary>
    /// For how many of the newest positions of a request the target's states are kept for a head (<see cref="IDraftModel.ReadsStates"/>), 64 to
    /// 65536, default 512. A head that rested for longer, or meets a longer prompt, reads the text from there on only. A position takes four bytes
    /// for each float of the states: 6.9 KB with three states of 576, 3.5 MB for 512 positions. Without a head nothing is kept.
    /// </summary>
    [Range(64, 65536)]
    public int StateWindow { get; set; } = 512;

    /// <summary>
    /// How long a round waits for one call of a draft, 1 millisecond to 1 day, default 5 seconds. A draft that takes longer, its token
    /// ignored, is left out until the call returns; requests and other drafts go on. What the call holds, its sequences and, after the
    /// pipeline's disposal, the model, is freed when it returns and not before. <see langword="null"/>, in configuration too, waits for ever. Drafts that cannot hang (<see cref="IDraftModel.HeedsCancellation"/>), the library's own among
    /// them, are waited for; the limit concerns the others, which are called on a thread of their own for its sake.
    /// </summary>
    public TimeSpan? DraftTimeLimit { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Which drafts run, how far they go, and how their votes are weighed.</summary>
    [Required]
    [ValidateObjectMembers]
    public SpeculationOptions Speculation { get; set; } = new();

    /// <summary>How many processors the defaults are chosen for.</summary>
    internal int Processors { get; set; } = Environment.ProcessorCount;

    internal bool Overlaps => OverlapDrafting ?? Processors > 4;

    /// <summary>What finds out whether pre-drafting pays, or <see langword="null"/> when it is not to be done.</summary>
    internal PreDraftExperiment? OpenPreDraftExperiment(IReadOnlyList<IDraftModel> drafts) =>
        (PreDraft ?? Processors > 2) && drafts.Any(draft => draft.SupportsPreDrafting) ? new PreDraftExperiment(always: PreDraft ?? false) : null;

    /// <summary>What a pipeline goes by: a checked copy, out of the caller's reach.</summary>
    /// <exception cref="ArgumentException">Options are out of their ranges or contradict each other; the message names all of them.</exception>
    internal PipelineOptions Settle()
    {
        var settled = (PipelineOptions)MemberwiseClone();
        settled.Speculation = Speculation?.Copy()!; // The check tells that it is missing.
        new PipelineOptionsValidator().ThrowIfInvalid(settled);
        return settled;
    }

    IEnumerable<ValidationResult> IValidatableObject.Validate(ValidationContext validationContext)
    {
        if (DraftTimeLimit is { } limit && (limit < TimeSpan.FromMilliseconds(1) || limit > TimeSpan.FromDays(1)))
            yield return validationContext.Fault(nameof(DraftTimeLimit), $"is {limit:c} but must lie between a millisecond and a day (5 seconds are written 00:00:05)");
    }
}
