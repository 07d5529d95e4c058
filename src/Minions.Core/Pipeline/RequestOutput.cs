using System.Text;
using Minions.Core.Generation;
using Minions.Core.Tokenization;

namespace Minions.Core.Pipeline;

/// <summary>
/// The way out of a request: decodes committed ids, ends the text at an end token, a stop sequence, the limit or where its reader has enough, and
/// delivers.
/// </summary>
internal sealed class RequestOutput
{
    private readonly ITokenDecoder? _decoder;
    private readonly IReadOnlyList<int> _endTokens;
    private readonly bool _ignoreEndToken;
    private readonly IReadOnlyList<int> _stopTokens;
    private readonly StopSequenceBuffer _stopSequences;
    private readonly DraftNameSets _names;
    private readonly TokenReader? _reader;
    private readonly StringBuilder _text = new();
    private readonly List<TokenLogProbabilities> _logProbabilities = [];

    public RequestOutput(
        PipelineComponents components,
        ReadOnlySpan<int> prompt,
        GenerationOptions options,
        StopSequenceSet stops,
        DraftNameSets names,
        TokenReader? reader)
    {
        _decoder = components.Tokenizer?.CreateDecoder(prompt, options.SkipSpecialTokens);
        _endTokens = components.EndTokens!; // Settled.
        _ignoreEndToken = options.IgnoreEndToken;
        _stopTokens = stops.Tokens;
        _stopSequences = new StopSequenceBuffer(stops.Texts);
        _names = names;
        _reader = reader;
    }

    public string Text => _text.ToString();

    public IReadOnlyList<TokenLogProbabilities> LogProbabilities => _logProbabilities;

    /// <summary>How many appended ids are held back, since they may belong to a stop sequence.</summary>
    public int Held => _stopSequences.Held;

    /// <summary>How many ids were delivered: all that were appended, unless a stop sequence took the last ones back.</summary>
    public int Count { get; private set; }

    /// <summary>Takes the next committed id.</summary>
    /// <param name="id">The id.</param>
    /// <param name="proposedBy">A bit for each draft that had proposed it.</param>
    /// <param name="likelihood">How likely the target held it, where the request asks for that.</param>
    /// <param name="isLast">Whether the limit is reached with it.</param>
    /// <returns>Why the text ends here, or <see langword="null"/> when it goes on.</returns>
    public FinishReason? Append(int id, ulong proposedBy, TokenLogProbabilities? likelihood, bool isLast)
    {
        bool isEnd = !_ignoreEndToken && _endTokens.Contains(id);
        bool isStop = _stopTokens.Contains(id);
        bool isEnough = _reader is { HasEnough: true };
        bool isLastOfText = isEnd || isStop || isLast || isEnough;
        string piece = isEnd || isStop || _decoder is null ? string.Empty : _decoder.Append(id);
        if (isLastOfText && _decoder is not null)
            piece += _decoder.Complete();

        bool stopped = _stopSequences.Append(new HeldToken(id, proposedBy, piece, likelihood), holdBack: !isLastOfText) || isStop;
        while (_stopSequences.TryTake(out HeldToken token))
            Deliver(token);

        return isEnd && isStop ? FinishReason.EndToken
            : stopped ? FinishReason.StopSequence
            : isEnd ? FinishReason.EndToken
            : isLast ? FinishReason.Length
            : isEnough ? FinishReason.Requested
            : null;
    }

    private void Deliver(in HeldToken token)
    {
        _text.Append(token.Text);
        if (token.LogProbabilities is { } likelihood)
            _logProbabilities.Add(likelihood);
        _reader?.Write(new GeneratedToken
        {
            Id = token.Id,
            Text = token.Text,
            Index = Count,
            ProposedBy = _names.Of(token.ProposedBy),
            LogProbabilities = token.LogProbabilities,
        });
        Count++;
    }
}
