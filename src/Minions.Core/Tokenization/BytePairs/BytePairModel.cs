using System.Buffers;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Minions.Core.Json;

namespace Minions.Core.Tokenization.BytePairs;

/// <summary>The <c>model</c> of a <c>tokenizer.json</c>: turns one word into ids. Thread-safe.</summary>
internal sealed class BytePairModel
{
    private readonly PairMerger _merger;
    private readonly WordCache _cache = new();
    private readonly Dictionary<int, int> _characters = [];
    private readonly int[] _byteIds = new int[256];
    private readonly int? _unknownId;

    private BytePairModel(JsonPart part)
    {
        Vocabulary = Vocabulary.Read(part);
        ByteFallback = part.Flag("byte_fallback", absent: false);
        IgnoreMerges = part.Flag("ignore_merges", absent: false);
        FuseUnknown = part.Flag("fuse_unk", absent: false);
        UnknownToken = part.Optional("unk_token")?.Text();
        if (UnknownToken is not null)
        {
            _unknownId = Vocabulary.Ids.TryGetValue(UnknownToken, out int id)
                ? id
                : throw part.Fault($"names the unknown token '{UnknownToken}', which is not in model.vocab");
        }

        _merger = new PairMerger(Vocabulary);
        foreach ((string token, int id) in Vocabulary.Ids)
        {
            if (Rune.DecodeFromUtf16(token, out Rune rune, out int length) == OperationStatus.Done && length == token.Length)
                _characters[rune.Value] = id;
        }

        for (int value = 0; value < 256; value++)
            _byteIds[value] = Vocabulary.Ids.GetValueOrDefault(string.Create(CultureInfo.InvariantCulture, $"<0x{value:X2}>"), -1);
    }

    public Vocabulary Vocabulary { get; }

    public bool ByteFallback { get; }

    public bool IgnoreMerges { get; }

    public bool FuseUnknown { get; }

    public string? UnknownToken { get; }

    /// <summary>Reads the <c>model</c>.</summary>
    public static BytePairModel Read(JsonPart part)
    {
        // Files of old versions leave the type out; only this model has merges.
        string type = part.Optional("type")?.Text() ?? (part.Optional("merges") is null ? "WordLevel" : "BPE");
        if (type != "BPE")
            throw part.Fault($"is of the type '{type}', which is not supported; the supported one is BPE");

        foreach (string name in (ReadOnlySpan<string>)["continuing_subword_prefix", "end_of_word_suffix"])
        {
            if (part.Optional(name) is { } affix && affix.Text().Length != 0)
                throw affix.Fault($"is '{affix.Text()}', which is not supported; supported is none");
        }

        if (part.Optional("dropout") is { } dropout && dropout.Number() != 0)
            throw dropout.Fault("is not zero: random merges are for training and not supported");
        return new BytePairModel(part);
    }

    /// <summary>Appends the ids of a word that is not empty.</summary>
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
        bool unknownBefore = false;
        Span<byte> bytes = stackalloc byte[4];
        foreach (Rune rune in word.EnumerateRunes())
        {
            bool unknown = false;
            if (_characters.TryGetValue(rune.Value, out int id))
            {
                ids.Add(id);
            }
            else if (ByteFallback && HasIds(bytes[..rune.EncodeToUtf8(bytes)]))
            {
                foreach (byte value in bytes[..rune.Utf8SequenceLength])
                    ids.Add(_byteIds[value]);
            }
            else if (_unknownId is { } unknownId)
            {
                unknown = true;
                if (!unknownBefore || !FuseUnknown)
                    ids.Add(unknownId);
            }

            unknownBefore = unknown;
        }
    }

    private bool HasIds(ReadOnlySpan<byte> bytes)
    {
        foreach (byte value in bytes)
        {
            if (_byteIds[value] < 0)
                return false;
        }

        return true;
    }
}
