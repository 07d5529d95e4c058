using System.Buffers;
using System.Runtime.InteropServices;
using System.Text;
using Minions.Core.Json;
using Minions.Core.Tokenization.Models;

namespace Minions.Core.Tokenization.BytePairs;

/// <summary>A model of the type BPE: a word's characters, merged by rank.</summary>
internal sealed class BytePairModel : ITokenModel
{
    private readonly PairMerger _merger;
    private readonly WordCache _cache = new();
    private readonly Dictionary<int, int> _characters = [];
    private readonly ByteTokens? _bytes;
    private readonly int? _unknownId;
    private readonly string _prefix;
    private readonly string _suffix;

    private BytePairModel(JsonPart part)
    {
        _prefix = part.Optional("continuing_subword_prefix")?.Text() ?? string.Empty;
        _suffix = part.Optional("end_of_word_suffix")?.Text() ?? string.Empty;
        Vocabulary = Vocabulary.Read(part, _prefix.Length);
        IgnoreMerges = part.Flag("ignore_merges", absent: false);
        FuseUnknown = part.Flag("fuse_unk", absent: false);
        UnknownToken = part.Optional("unk_token")?.Text();
        _unknownId = UnknownToken is null ? null : IdOf(UnknownToken);
        ByteFallback = part.Flag("byte_fallback", absent: false);
        if (ByteFallback)
            _bytes = new ByteTokens(IdOf);

        _merger = new PairMerger(Vocabulary);
        foreach ((string token, int id) in Vocabulary.Ids)
        {
            if (Rune.DecodeFromUtf16(token, out Rune rune, out int length) == OperationStatus.Done && length == token.Length)
                _characters[rune.Value] = id;
        }
    }

    public Vocabulary Vocabulary { get; }

    public bool ByteFallback { get; }

    public bool IgnoreMerges { get; }

    public bool FuseUnknown { get; }

    public string? UnknownToken { get; }

    public IEnumerable<KeyValuePair<string, int>> Tokens => Vocabulary.Ids;

    /// <summary>Reads the <c>model</c>.</summary>
    public static BytePairModel Read(JsonPart part)
    {
        if (part.Optional("dropout") is { } dropout && dropout.Number() != 0)
            throw dropout.Fault("is not zero: random merges are for training and not supported");
        return new BytePairModel(part);
    }

    public int? IdOf(string token) => Vocabulary.Ids.TryGetValue(token, out int id) ? id : null;

    public void Encode(string word, List<int> ids)
    {
        if (IgnoreMerges && Vocabulary.Ids.TryGetValue(word, out int whole))
        {
            ids.Add(whole);
        }
        else if (!_cache.TryAppend(word, ids))
        {
            int start = ids.Count;
            AppendSymbols(word, ids);
            _merger.MergeAll(ids, start);
            _cache.Add(word, CollectionsMarshal.AsSpan(ids)[start..]);
        }
    }

    private void AppendSymbols(string word, List<int> ids)
    {
        // An unknown token waits for the next character that the vocabulary has; bytes overtake it, as in the tokenizers library.
        bool waiting = false;
        int position = 0;
        foreach (Rune rune in word.EnumerateRunes())
        {
            bool first = position == 0;
            position += rune.Utf16SequenceLength;
            if (IdOf(rune, first, position == word.Length) is { } id)
            {
                if (waiting)
                    ids.Add(_unknownId!.Value);
                waiting = false;
                ids.Add(id);
            }
            else if (_bytes is null || !_bytes.TryAppend(Encoding.UTF8.GetBytes(Marked(rune, first, position == word.Length)), ids))
            {
                if (UnknownToken is null)
                    continue;
                if (_unknownId is null)
                    throw Unknown(rune);

                // Only the last unknown waits where they are not fused.
                if (waiting && !FuseUnknown)
                    ids.Add(_unknownId.Value);
                waiting = true;
            }
        }

        if (waiting)
            ids.Add(_unknownId!.Value);
    }

    private int? IdOf(Rune rune, bool first, bool last)
    {
        if (_prefix.Length == 0 && _suffix.Length == 0)
            return _characters.TryGetValue(rune.Value, out int id) ? id : null;
        return IdOf(Marked(rune, first, last));
    }

    private string Marked(Rune rune, bool first, bool last) =>
        string.Concat(first ? string.Empty : _prefix, rune.ToString(), last ? _suffix : string.Empty);

    private ArgumentException Unknown(Rune rune) =>
        new($"The text cannot be encoded: it holds '{rune}', which the tokenizer's vocabulary lacks, as it lacks the unknown token '{UnknownToken}'.");
}
