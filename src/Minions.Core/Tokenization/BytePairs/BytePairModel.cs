using System.Globalization;
using System.Text;
using Microsoft.ML.Tokenizers;
using Minions.Core.Tokenization.Json;

namespace Minions.Core.Tokenization.BytePairs;

/// <summary>The <c>model</c> of a <c>tokenizer.json</c>: turns one word into ids. Thread-safe.</summary>
internal sealed class BytePairModel
{
    // BpeTokenizer's time grows with the square of the length; up to here its cache of words makes up for that.
    private const int LongestLibraryWord = 128;

    private readonly PairMerger _merger;
    private readonly BpeTokenizer? _library;
    private readonly Dictionary<int, int> _characters = [];
    private readonly int[] _byteIds = new int[256];
    private readonly int? _unknownId;

    private BytePairModel(JsonPart part, bool byteLevel)
    {
        Vocabulary = Vocabulary.Read(part);
        ByteFallback = part.Flag("byte_fallback", absent: false);
        IgnoreMerges = part.Flag("ignore_merges", absent: false);
        FuseUnknown = part.Flag("fuse_unk", absent: false);
        UnknownToken = part.Optional("unk_token")?.Text();
        if (UnknownToken is not null)
        {
            _unknownId = Vocabulary.Ids.TryGetValue(UnknownToken, out var id)
                ? id
                : throw part.Fault($"names the unknown token '{UnknownToken}', which is not in model.vocab");
        }

        _merger = new PairMerger(Vocabulary);
        foreach (var (token, id) in Vocabulary.Ids)
        {
            if (Rune.DecodeFromUtf16(token, out var rune, out var length) == System.Buffers.OperationStatus.Done && length == token.Length)
                _characters[rune.Value] = id;
        }

        for (var value = 0; value < 256; value++)
            _byteIds[value] = Vocabulary.Ids.GetValueOrDefault(string.Create(CultureInfo.InvariantCulture, $"<0x{value:X2}>"), -1);

        // Only words in the byte alphabet, of which there are many short ones; for byte fallback the library's ids differ.
        if (byteLevel && _merger.Count == Vocabulary.Merges.Count && !HoldsSpaces(Vocabulary))
        {
            _library = BpeTokenizer.Create(new BpeOptions(Vocabulary.Ids)
            {
                Merges = Vocabulary.Merges.Select(merge => $"{merge.Left} {merge.Right}"),
            });
        }
    }

    public Vocabulary Vocabulary { get; }

    public bool ByteFallback { get; }

    public bool IgnoreMerges { get; }

    public bool FuseUnknown { get; }

    public string? UnknownToken { get; }

    /// <param name="part">The <c>model</c>.</param>
    /// <param name="byteLevel">Whether all words come in the <see cref="ByteAlphabet"/>.</param>
    public static BytePairModel Read(JsonPart part, bool byteLevel)
    {
        // Files of old versions leave the type out; only this model has merges.
        var type = part.Optional("type")?.Text() ?? (part.Optional("merges") is null ? "WordLevel" : "BPE");
        if (type != "BPE") throw part.Fault($"is of the type '{type}', which is not supported; the supported one is BPE");
        foreach (var name in (ReadOnlySpan<string>)["continuing_subword_prefix", "end_of_word_suffix"])
        {
            if (part.Optional(name) is { } affix && affix.Text().Length != 0) throw affix.Fault($"is '{affix.Text()}', which is not supported; supported is none");
        }

        if (part.Optional("dropout") is { } dropout && dropout.Number() != 0)
            throw dropout.Fault("is not zero: random merges are for training and not supported");
        return new BytePairModel(part, byteLevel);
    }

    /// <summary>Appends the ids of a word that is not empty.</summary>
    public void Encode(string word, List<int> ids)
    {
        if (IgnoreMerges && Vocabulary.Ids.TryGetValue(word, out var whole))
        {
            ids.Add(whole);
        }
        else if (_library is not null && word.Length <= LongestLibraryWord && IsKnown(word))
        {
            ids.AddRange(_library.EncodeToIds(word, considerPreTokenization: false, considerNormalization: false));
        }
        else
        {
            var symbols = Symbols(word);
            _merger.MergeAll(symbols);
            ids.AddRange(symbols);
        }
    }

    private static bool HoldsSpaces(Vocabulary vocabulary) =>
        vocabulary.Merges.Any(merge => merge.Left.Contains(' ') || merge.Right.Contains(' '));

    /// <summary>Whether every character is a token: small vocabularies leave out bytes that no training text had.</summary>
    private bool IsKnown(string word)
    {
        foreach (var character in word)
        {
            if (!_characters.ContainsKey(character)) return false;
        }

        return true;
    }

    private List<int> Symbols(string word)
    {
        var symbols = new List<int>(word.Length);
        var unknownBefore = false;
        Span<byte> bytes = stackalloc byte[4];
        foreach (var rune in word.EnumerateRunes())
        {
            var unknown = false;
            if (_characters.TryGetValue(rune.Value, out var id))
            {
                symbols.Add(id);
            }
            else if (ByteFallback && HasIds(bytes[..rune.EncodeToUtf8(bytes)]))
            {
                foreach (var value in bytes[..rune.Utf8SequenceLength]) symbols.Add(_byteIds[value]);
            }
            else if (_unknownId is { } unknownId)
            {
                unknown = true;
                if (!unknownBefore || !FuseUnknown) symbols.Add(unknownId);
            }

            unknownBefore = unknown;
        }

        return symbols;
    }

    private bool HasIds(ReadOnlySpan<byte> bytes)
    {
        foreach (var value in bytes)
        {
            if (_byteIds[value] < 0) return false;
        }

        return true;
    }
}
