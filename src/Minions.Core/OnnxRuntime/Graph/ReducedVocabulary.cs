namespace Minions.Core.OnnxRuntime.Graph;

/// <summary>Spreads the columns of a head that knows a part of the vocabulary over all tokens. Immutable; safe to use from several threads.</summary>
internal sealed class ReducedVocabulary
{
    private readonly int[] _tokens;
    private readonly int[] _columns;
    private readonly int[] _tokenOfColumn;
    private readonly float _filler;

    /// <param name="columnOfToken">The column in which each token's logit stands; <paramref name="width"/> or more where it has none.</param>
    /// <param name="width">The number of columns.</param>
    /// <param name="filler">The logit of tokens without a column.</param>
    public ReducedVocabulary(int[] columnOfToken, int width, float filler)
    {
        TokenCount = columnOfToken.Length;
        Width = width;
        _filler = filler;
        _tokens = [.. Enumerable.Range(0, TokenCount).Where(token => columnOfToken[token] < width).OrderBy(token => columnOfToken[token])];
        _columns = [.. _tokens.Select(token => columnOfToken[token])];
        _tokenOfColumn = new int[width];
        for (int token = TokenCount - 1; token >= 0; token--)
        {
            if (columnOfToken[token] < width)
                _tokenOfColumn[columnOfToken[token]] = token;
        }
    }

    /// <summary>The number of tokens, known or not.</summary>
    public int TokenCount { get; }

    /// <summary>The number of columns.</summary>
    public int Width { get; }

    /// <summary>Memory for the logits of one row, in which those of unknown tokens stand already.</summary>
    public float[] OpenRow()
    {
        float[] row = new float[TokenCount];
        Array.Fill(row, _filler);
        return row;
    }

    /// <summary>The token whose logit stands in a column; of several the lowest.</summary>
    public int TokenOf(int column) => _tokenOfColumn[column];

    /// <summary>Writes each known token's logit to its place in a row from <see cref="OpenRow"/>.</summary>
    public void Spread(ReadOnlySpan<float> columns, Span<float> logits)
    {
        int[] tokens = _tokens;
        int[] sources = _columns;
        for (int i = 0; i < tokens.Length && i < sources.Length; i++)
            logits[tokens[i]] = columns[sources[i]];
    }
}
