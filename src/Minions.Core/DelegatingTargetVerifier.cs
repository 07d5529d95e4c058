using Minions.Core.Generation;
using Minions.Core.States;
using Minions.Core.Tokenization;
using Minions.Core.Verification;

namespace Minions.Core;

/// <summary>
/// A target that is another one in all that a derived class does not change, as for logging or measuring: every member, the optional ones
/// too, is forwarded. It behaves in a pipeline as the target behind it would.
/// </summary>
/// <remarks>
/// Sequences are those of the target behind it. A derived class that opens its own must override <see cref="Verify"/> as well, for a target
/// takes only sequences that it opened. Safe to use from several threads, as the target behind it is.
/// </remarks>
public abstract class DelegatingTargetVerifier : ITargetVerifier
{
    private readonly bool _leaveOpen;

    /// <summary>Makes the wrapper.</summary>
    /// <param name="inner">The target that everything is forwarded to.</param>
    /// <param name="leaveOpen">Whether <paramref name="inner"/> outlives the wrapper. Default: it is disposed with it.</param>
    protected DelegatingTargetVerifier(ITargetVerifier inner, bool leaveOpen = false)
    {
        ArgumentNullException.ThrowIfNull(inner);
        Inner = inner;
        _leaveOpen = leaveOpen;
    }

    /// <inheritdoc/>
    public virtual int ContextLength => Inner.ContextLength;

    /// <inheritdoc/>
    public virtual int VocabularySize => Inner.VocabularySize;

    /// <inheritdoc/>
    public virtual Exactness Exactness => Inner.Exactness;

    /// <inheritdoc/>
    public virtual int MaxBatchSize => Inner.MaxBatchSize;

    /// <inheritdoc/>
    public virtual IReadOnlyList<int> EndTokens => Inner.EndTokens;

    /// <inheritdoc/>
    public virtual ModelDefaults ModelDefaults => Inner.ModelDefaults;

    /// <inheritdoc/>
    public virtual string? ModelFolder => Inner.ModelFolder;

    /// <inheritdoc/>
    public virtual ITextTokenizer? Tokenizer => Inner.Tokenizer;

    /// <inheritdoc/>
    public virtual bool WantsWarmUp => Inner.WantsWarmUp;

    /// <inheritdoc/>
    public virtual string? Fingerprint => Inner.Fingerprint;

    /// <inheritdoc/>
    public virtual StateLayout? States => Inner.States;

    /// <inheritdoc/>
    public virtual long? CacheBytes => Inner.CacheBytes;

    /// <summary>The target that everything is forwarded to.</summary>
    protected ITargetVerifier Inner { get; }

    /// <inheritdoc/>
    public virtual ITargetSequence OpenSequence(SequenceOptions options) => Inner.OpenSequence(options);

    /// <inheritdoc/>
    public virtual void Verify(ReadOnlySpan<VerificationRequest> batch, CancellationToken cancellationToken) => Inner.Verify(batch, cancellationToken);

    /// <summary>Frees the target behind it, unless that is left open.</summary>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Frees the target behind it, unless that is left open.</summary>
    /// <param name="disposing">Whether <see cref="Dispose()"/> was called, rather than a finalizer of a derived class.</param>
    protected virtual void Dispose(bool disposing)
    {
        if (disposing && !_leaveOpen)
            Inner.Dispose();
    }
}
