using Minions.Core.Drafting;
using Minions.Core.Generation;
using Minions.Core.Tokenization;

namespace Minions.Core;

/// <summary>
/// A draft that is another one in all that a derived class does not change, as for logging, measuring or limiting: every member, the
/// optional ones too, is forwarded. It behaves in a pipeline as the draft behind it would.
/// </summary>
/// <remarks>
/// Sequences are those of the draft behind it. A derived class that opens its own must override <see cref="Propose"/> as well, for a draft takes
/// only sequences that it opened. Safe to use from several threads, as the draft behind it is.
/// </remarks>
public abstract class DelegatingDraftModel : IDraftModel
{
    private readonly bool _leaveOpen;

    /// <summary>Makes the wrapper.</summary>
    /// <param name="inner">The draft that everything is forwarded to.</param>
    /// <param name="leaveOpen">Whether <paramref name="inner"/> outlives the wrapper. Default: it is disposed with it.</param>
    protected DelegatingDraftModel(IDraftModel inner, bool leaveOpen = false)
    {
        ArgumentNullException.ThrowIfNull(inner);
        Inner = inner;
        _leaveOpen = leaveOpen;
    }

    /// <inheritdoc/>
    public virtual string Name => Inner.Name;

    /// <inheritdoc/>
    public virtual int ContextLength => Inner.ContextLength;

    /// <inheritdoc/>
    public virtual int MaxBatchSize => Inner.MaxBatchSize;

    /// <inheritdoc/>
    public virtual bool SupportsPreDrafting => Inner.SupportsPreDrafting;

    /// <inheritdoc/>
    public virtual bool HeedsCancellation => Inner.HeedsCancellation;

    /// <inheritdoc/>
    public virtual bool WantsWarmUp => Inner.WantsWarmUp;

    /// <inheritdoc/>
    public virtual bool IsFree => Inner.IsFree;

    /// <inheritdoc/>
    public virtual bool ContinuesChains => Inner.ContinuesChains;

    /// <inheritdoc/>
    public virtual bool UsesReferences => Inner.UsesReferences;

    /// <inheritdoc/>
    public virtual string? Fingerprint => Inner.Fingerprint;

    /// <inheritdoc/>
    public virtual IReadOnlyList<double> ExpectedAgreement => Inner.ExpectedAgreement;

    /// <inheritdoc/>
    public virtual bool ReadsStates => Inner.ReadsStates;

    /// <summary>The draft that everything is forwarded to.</summary>
    protected IDraftModel Inner { get; }

    /// <inheritdoc/>
    public virtual string? FindMisfit(ITargetVerifier target, ITextTokenizer? tokenizer) => Inner.FindMisfit(target, tokenizer);

    /// <inheritdoc/>
    public virtual IDraftSequence OpenSequence(SequenceOptions options) => Inner.OpenSequence(options);

    /// <inheritdoc/>
    public virtual void Propose(ReadOnlySpan<DraftRequest> batch, CancellationToken cancellationToken) => Inner.Propose(batch, cancellationToken);

    /// <summary>Frees the draft behind it, unless that is left open.</summary>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Frees the draft behind it, unless that is left open.</summary>
    /// <param name="disposing">Whether <see cref="Dispose()"/> was called, rather than a finalizer of a derived class.</param>
    protected virtual void Dispose(bool disposing)
    {
        if (disposing && !_leaveOpen)
            Inner.Dispose();
    }
}
