namespace Minions.Core.Drafting.Ngram;

/// <summary>
/// The ids that followed earlier places like the present one. Only the longest match counts; of several as long, the more frequent
/// continuation wins, and of equals the newer one.
/// </summary>
internal sealed class Continuations
{
    // Those of the request's own text, of its reference texts and of the pool (less than two walks' worth), in case all differ.
    private readonly int[] _tokens = new int[4 * SuffixIndex.MostCandidates];
    private readonly int[] _occurrences = new int[4 * SuffixIndex.MostCandidates];
    private int _count;
    private int _total;
    private int _length;

    public void Clear() => (_count, _total, _length) = (0, 0, 0);

    /// <summary>Adds an occurrence, newer ones first.</summary>
    /// <param name="token">The id that followed.</param>
    /// <param name="length">How many ids before it match.</param>
    public void Add(int token, int length)
    {
        if (length < _length)
            return;
        if (length > _length)
            (_count, _total, _length) = (0, 0, length);

        int i = _tokens.AsSpan(0, _count).IndexOf(token);
        if (i < 0)
        {
            i = _count++;
            (_tokens[i], _occurrences[i]) = (token, 0);
        }

        _occurrences[i]++;
        _total++;
    }

    /// <summary>Chooses the id that most likely follows.</summary>
    /// <returns>It and what speaks for it, or <see langword="null"/> when nothing was added.</returns>
    public Guess? Choose()
    {
        if (_count == 0)
            return null;

        int best = 0;
        for (int i = 1; i < _count; i++)
        {
            if (_occurrences[i] > _occurrences[best])
                best = i;
        }

        return new Guess(_tokens[best], Evidence.Of(_length, _occurrences[best], _total));
    }
}

/// <summary>An id that may follow.</summary>
/// <param name="Token">The id.</param>
/// <param name="Evidence">What speaks for it, see <see cref="Ngram.Evidence"/>.</param>
internal readonly record struct Guess(int Token, int Evidence);
