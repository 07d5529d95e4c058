using System.Runtime.InteropServices;
using System.Text;
using Minions.Core.Json;
using Minions.Core.Tokenization.Models;

namespace Minions.Core.Tokenization.Unigrams;

/// <summary>A model of the type Unigram (T5, XLM-R, ALBERT): of all ways to write a word in tokens the one with the highest sum of scores.</summary>
internal sealed class UnigramModel : ITokenModel
{
    // What a character that no token covers costs below the lowest score.
    private const double UnknownPenalty = 10;

    private readonly Dictionary<string, int> _ids = new(StringComparer.Ordinal);
    private readonly List<string> _tokens = [];
    private readonly List<double> _scores = [];
    private readonly PrefixIndex _prefixes;
    private readonly ByteTokens? _bytes;
    private readonly WordCache _cache = new();
    private readonly int? _unknownId;
    private readonly double _unknownScore;

    private UnigramModel(JsonPart part)
    {
        foreach (JsonPart item in part.Required("vocab").Items())
        {
            JsonPart[] pair = [.. item.Items().Take(3)];
            if (pair.Length != 2)
                throw item.Fault("is not a token with its score");

            // Of a token that stands twice the later one counts.
            string token = pair[0].Text();
            _ids[token] = _tokens.Count;
            _tokens.Add(token);
            _scores.Add(pair[1].Number());
        }

        if (part.Optional("unk_id") is { } unknown)
        {
            _unknownId = unknown.Integer();
            if ((uint)_unknownId >= (uint)_tokens.Count)
                throw unknown.Fault($"is {_unknownId}, which is no id of the vocabulary of {_tokens.Count} tokens");
        }

        _unknownScore = _scores.DefaultIfEmpty(0).Min() - UnknownPenalty;
        _prefixes = new PrefixIndex(_ids);
        if (part.Flag("byte_fallback", absent: false))
            _bytes = new ByteTokens(IdOf);
    }

    public IEnumerable<KeyValuePair<string, int>> Tokens => _tokens.Select((token, id) => KeyValuePair.Create(token, id));

    public static UnigramModel Read(JsonPart part) => new(part);

    public int? IdOf(string token) => _ids.TryGetValue(token, out int id) ? id : null;

    public void Encode(string word, List<int> ids)
    {
        if (_cache.TryAppend(word, ids))
            return;

        int start = ids.Count;
        byte[] bytes = Encoding.UTF8.GetBytes(word);
        Step[] steps = BestSteps(bytes);
        var parts = new Stack<(int Start, int End)>();
        int unknownEnd = -1;
        for (int end = bytes.Length; end > 0; end = steps[end].Start)
        {
            // Neighbouring unknown characters are one piece.
            bool unknown = steps[end].Id == _unknownId;
            if (unknown && unknownEnd == end)
                parts.Push((steps[end].Start, parts.Pop().End));
            else
                parts.Push((steps[end].Start, end));
            unknownEnd = unknown ? steps[end].Start : -1;
        }

        foreach ((int from, int to) in parts)
            AppendPart(bytes.AsSpan(from, to - from), ids);
        _cache.Add(word, CollectionsMarshal.AsSpan(ids)[start..]);
    }

    private void AppendPart(ReadOnlySpan<byte> part, List<int> ids)
    {
        string text = Encoding.UTF8.GetString(part);
        if (_ids.TryGetValue(text, out int id))
            ids.Add(id);
        else if (_bytes is null || !_bytes.TryAppend(part, ids))
            ids.Add(_unknownId ?? throw Unknown(text));
    }

    /// <summary>For every place the last step of the best way there.</summary>
    private Step[] BestSteps(byte[] bytes)
    {
        var steps = new Step[bytes.Length + 1];
        Array.Fill(steps, new Step(0, -1, 0));
        for (int start = 0; start < bytes.Length;)
        {
            Rune.DecodeFromUtf8(bytes.AsSpan(start), out Rune rune, out int length);
            double score = steps[start].Score;
            bool known = false;
            foreach ((int end, int id) in _prefixes.Find(bytes, start))
            {
                if (IsBetter(end, score + _scores[id]))
                    steps[end] = new Step(score + _scores[id], start, id);
                known |= end == start + length;
            }

            if (!known && IsBetter(start + length, score + _unknownScore))
                steps[start + length] = new Step(score + _unknownScore, start, _unknownId ?? throw Unknown(rune.ToString()));
            start += length;
        }

        return steps;

        bool IsBetter(int end, double total) => steps[end].Start < 0 || total > steps[end].Score;
    }

    private static ArgumentException Unknown(string text) =>
        new($"The text cannot be encoded: it holds '{text}', which the tokenizer's vocabulary lacks, and there is no unknown token.");

    private readonly record struct Step(double Score, int Start, int Id);
}
