using Minions.Core.Generation;

namespace Minions.Core.Drafting.Ngram;

/// <summary>
/// A draft without a model: it looks for earlier places that end like the present one, in the request's own text, prompt and output, in the texts it
/// refers to (<see cref="GenerationOptions.ReferenceTexts"/>) and, where wanted, in earlier answers
/// (<see cref="NgramDraftOptions.PoolCapacity"/>), and proposes what followed there (prompt lookup and suffix decoding: arXiv 2304.04487,
/// 2411.04975, 2411.10666). It costs next to nothing, knows names, quotations and phrases that come again, and has nothing to say about a text that
/// repeats nothing.
/// </summary>
/// <remarks>
/// <para>
/// The longest match decides; of several as long, the more frequent continuation, then the newer one. Every guess is searched for anew, from
/// the text with the guesses before it, so a proposal is as long as asked for while anything matches.
/// </para>
/// <para>
/// <b>Probabilities.</b> Guesses are sorted by length and unanimity of their matches, and each is given the share of guesses of its kind that
/// the target confirmed, in the request and, as its start, in earlier ones.
/// </para>
/// <para>
/// <b>Behind the vote</b> (<see cref="ContinuesChains"/>) it goes on from the voted chain as from the text. It answers where it has taken in all
/// ids that are certain, which it has in a round that it ran in.
/// </para>
/// <para>
/// <b>Scores</b> (<see cref="DraftRequest.Score"/>) compare each id that a call adds with the guess at its place. The probability is the guess's
/// where it is right, else 0.
/// </para>
/// <para>
/// <b>Cost.</b> Constant time an id, both to add it and to guess it (some 0.2 µs together), and a vectorised comparison of the context with what is
/// held in each round (some 0.1 µs a thousand ids). Memory: 4 bytes for the id, 4 in each of two chains, and 6 to 12 in each chain's table, whose
/// size is a power of two: 24 to 36 bytes an id that there is room for (14 to 20 where <see cref="NgramDraftOptions.MinMatchLength"/> is 6 or
/// more, which takes one chain). There is room for the request's greatest length, its reference texts, and the pool as it fills. Reference texts are
/// taken in when the request first drafts; a guess looks them up once, and each segment of the pool that its key has, up to four large and some
/// small ones. Safe to use from several threads; sequences are not.
/// </para>
/// </remarks>
public sealed class NgramDraft : IDraftModel
{
    /// <summary>Makes the draft.</summary>
    /// <param name="options">How it guesses; <see langword="null"/> for the defaults. Later changes have no effect.</param>
    /// <exception cref="ArgumentException">An option is out of its range; the message names it.</exception>
    public NgramDraft(NgramDraftOptions? options = null)
    {
        options ??= new NgramDraftOptions();
        new NgramDraftOptionsValidator().ThrowIfInvalid(options);
        Name = options.Name;
        MinMatchLength = options.MinMatchLength;
        PriorStrength = options.PriorStrength;
        HitRates = new SharedHitRates(options.PriorStrength);
        SharesPoolAcrossKeys = options.SharesPoolAcrossKeys;
        Pool = options.PoolCapacity == 0 ? null : new OutputPool(options.MinMatchLength, options.PoolCapacity);
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <summary>No limit of its own.</summary>
    public int ContextLength => int.MaxValue;

    /// <inheritdoc cref="IDraftModel.IsFree"/>
    /// <value><see langword="true"/>.</value>
    public bool IsFree => true;

    /// <inheritdoc cref="IDraftModel.ContinuesChains"/>
    /// <value><see langword="true"/>.</value>
    public bool ContinuesChains => true;

    /// <inheritdoc cref="IDraftModel.UsesReferences"/>
    /// <value><see langword="true"/>.</value>
    public bool UsesReferences => true;

    /// <inheritdoc cref="IDraftModel.HeedsCancellation"/>
    /// <value><see langword="true"/>: a call is over at once.</value>
    public bool HeedsCancellation => true;

    internal int MinMatchLength { get; }

    internal int PriorStrength { get; }

    internal SharedHitRates HitRates { get; }

    internal OutputPool? Pool { get; }

    internal bool SharesPoolAcrossKeys { get; }

    /// <inheritdoc/>
    public IDraftSequence OpenSequence(SequenceOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return new NgramSequence(this, options);
    }

    /// <inheritdoc/>
    public void Propose(ReadOnlySpan<DraftRequest> batch, CancellationToken cancellationToken)
    {
        foreach (DraftRequest request in batch)
        {
            try
            {
                ((NgramSequence)request.Sequence).Propose(request);
            }
            catch (Exception fault)
            {
                request.Fail(fault);
            }
        }
    }

    /// <summary>Nothing to free.</summary>
    public void Dispose()
    {
    }
}
