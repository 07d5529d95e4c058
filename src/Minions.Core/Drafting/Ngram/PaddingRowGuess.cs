namespace Minions.Core.Drafting.Ngram;

/// <summary>
/// Guesses which id follows a request's text, for rounds that draft nothing: in bit-identical mode their target run has a second row anyway,
/// so checking the guess costs nothing. It is what followed the longest earlier place that ends like the text.
/// </summary>
/// <remarks>Used by one thread at a time. The index is made with the first guess.</remarks>
/// <param name="capacity">The most ids that the text comes to have.</param>
/// <param name="shared">How often such guesses are right.</param>
internal sealed class PaddingRowGuess(int capacity, SharedHitRates shared)
{
    /// <summary>How many guesses of this text what others showed is worth.</summary>
    public const int PriorStrength = 16;

    // It costs no row to be wrong, so a single id that occurred before is enough to go by.
    private const int ShortestMatch = 1;

    private readonly Continuations _continuations = new();
    private readonly HitRates _hitRates = new(shared.Expected, PriorStrength);
    private SuffixIndex? _index;
    private Guess? _guess;

    /// <summary>The id guessed, or <see langword="null"/> where no earlier place ends like the text.</summary>
    public int? Id => _guess?.Token;

    /// <summary>How likely it is right, in [0, 1]; 0 when there is none.</summary>
    public double Probability => _guess is { } guess ? _hitRates.Of(guess.Evidence) : 0;

    /// <summary>Guesses what follows a text, which must begin with that of the call before.</summary>
    public void Guess(ReadOnlySpan<int> text)
    {
        _index ??= new SuffixIndex(ShortestMatch, capacity);
        _index.Append(text[_index.Count..]);
        _continuations.Clear();
        _index.Collect(_index.Ids, _index.Count, _continuations);
        _guess = _continuations.Choose();
    }

    /// <summary>Learns what followed, whether the guess was put to use or not.</summary>
    public void Observe(int next)
    {
        if (_guess is { } guess)
            _hitRates.Observe(guess.Evidence, guess.Token == next);
    }

    /// <summary>Passes on what the request taught.</summary>
    public void Publish() => shared.Absorb(_hitRates);
}
