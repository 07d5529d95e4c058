using System.Text;
using Minions.Core.Json;
using Minions.Core.Tokenization.AddedTokens;
using Minions.Core.Tokenization.Decoding;
using Minions.Core.Tokenization.Models;
using Minions.Core.Tokenization.Normalization;
using Minions.Core.Tokenization.PreTokenization;

namespace Minions.Core.Tokenization;

/// <summary>The tokenizer of a model folder: its <c>tokenizer.json</c>, and the begin token that its <c>tokenizer_config.json</c> asks for.</summary>
/// <remarks>
/// <para>
/// Supported are byte-pair models, over bytes (GPT-2, Llama 3, Qwen, SmolLM2) and in the manner of SentencePiece with byte fallback (Llama 2,
/// Phi-3, Gemma). The ids are those of Hugging Face's tokenizers library; whatever a file asks for that could not be done exactly is refused
/// by name when it is loaded.
/// </para>
/// <para>Safe to use from several threads at once, decoders excepted.</para>
/// </remarks>
public sealed class HuggingFaceTokenizer : ITextTokenizer
{
    internal const string FileName = "tokenizer.json";

    internal const string ConfigFileName = "tokenizer_config.json";

    private readonly AddedTokenFinder _rawTokens;
    private readonly AddedTokenFinder? _normalizedTokens;
    private readonly Dictionary<string, int> _addedIds;
    private readonly int[] _beginTokens;

    private HuggingFaceTokenizer(JsonPart root, JsonPart? config)
    {
        Normalizers = NormalizerReader.Read(root.Optional("normalizer"));
        PreTokenizers = PreTokenizerReader.Read(root.Optional("pre_tokenizer"));
        Model = TokenModelReader.Read(root.Required("model"));
        var added = new AddedTokenList(root.Optional("added_tokens"), Model.Tokens.Count(), Model.IdOf);
        if (config?.Optional("added_tokens_decoder") is { } more)
            added.AddFrom(more);
        AddedTokens = added.Tokens;
        Tokens = new TokenTable(Model.Tokens, AddedTokens, DecodingRulesReader.Read(root.Optional("decoder")));

        _addedIds = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (AddedToken token in AddedTokens)
            _addedIds.TryAdd(token.Content, token.Id);
        _rawTokens = new AddedTokenFinder(AddedTokens.Where(token => !token.Normalized).Select(token => (token.Content, token)));
        if (AddedTokens.Any(token => token.Normalized))
            _normalizedTokens = new AddedTokenFinder(AddedTokens.Where(token => token.Normalized).Select(token => (Normalize(token.Content), token)));

        _beginTokens = BeginTokens.Read(root.Optional("post_processor"));
        if (config is { } settings)
            _beginTokens = BeginTokens.Override(_beginTokens, settings, FindToken);
    }

    /// <summary>The highest id plus one. A model's logits may be wider (a padded vocabulary); ids from there on decode to nothing.</summary>
    public int VocabularySize => Tokens.Count;

    internal IReadOnlyList<INormalizer> Normalizers { get; }

    internal IReadOnlyList<IPreTokenizer> PreTokenizers { get; }

    internal ITokenModel Model { get; }

    internal IReadOnlyList<AddedToken> AddedTokens { get; }

    internal TokenTable Tokens { get; }

    /// <summary>The hash of the file, with which equal files are told without a look inside.</summary>
    internal string Fingerprint { get; private init; } = string.Empty;

    /// <summary>Loads the tokenizer of a model folder.</summary>
    /// <param name="folder">The folder with <c>tokenizer.json</c> and, where there is one, <c>tokenizer_config.json</c>.</param>
    /// <returns>The tokenizer.</returns>
    /// <exception cref="ArgumentException"><paramref name="folder"/> is empty.</exception>
    /// <exception cref="ModelLoadException">
    /// The folder or file is missing or malformed, or asks for something that is not supported; the message names the file and the place.
    /// </exception>
    public static HuggingFaceTokenizer Load(string folder)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(folder);
        (string file, byte[] content) = TokenizerFile.Read(folder);
        string fingerprint = TokenizerFile.Fingerprint(folder, content);
        string config = Path.Combine(folder, ConfigFileName);
        return File.Exists(config)
            ? JsonFile.Read(config, settings => Load(file, content, settings, fingerprint))
            : Load(file, content, config: null, fingerprint);
    }

    /// <summary>Looks a token up by its own text, such as <c>&lt;|im_end|&gt;</c>.</summary>
    /// <param name="token">The token as the file writes it (in byte-level vocabularies with <c>Ġ</c> for a space).</param>
    /// <returns>Its id, or <see langword="null"/> if there is none.</returns>
    public int? FindToken(string token)
    {
        ArgumentNullException.ThrowIfNull(token);
        if (_addedIds.TryGetValue(token, out int id))
            return id;
        return Model.IdOf(token);
    }

    /// <inheritdoc/>
    /// <remarks>
    /// Added tokens that are not special are found whatever <paramref name="parseSpecialTokens"/> says. A lone surrogate is encoded as U+FFFD.
    /// Characters that the vocabulary lacks become its unknown token; where a byte-pair model names none, they become nothing. An end token that the configuration puts behind
    /// texts is not added, as the text is there to be continued.
    /// </remarks>
    /// <exception cref="ArgumentException">
    /// The text holds a character that neither the vocabulary nor an unknown token covers, or one of the tokenizer's expressions does not come to an
    /// end on it within 5 seconds.
    /// </exception>
    public IReadOnlyList<int> Encode(string text, bool parseSpecialTokens = true, bool addBeginToken = true)
    {
        ArgumentNullException.ThrowIfNull(text);
        return Encode(text, parseSpecialTokens ? PlainRanges.None : PlainRanges.All, addBeginToken);
    }

    /// <inheritdoc/>
    /// <remarks>
    /// The text is split and merged as a whole: where no special token stands in <paramref name="plainRanges"/>, the ids are those of the text without them.
    /// Added tokens that are not special are found everywhere.
    /// </remarks>
    /// <exception cref="ArgumentException">
    /// A range lies outside of the text, or begins before the end of the one before it; or the text cannot be encoded.
    /// </exception>
    public IReadOnlyList<int> EncodePrompt(string text, IReadOnlyList<Range> plainRanges, bool addBeginToken = true)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(plainRanges);
        return Encode(text, PlainRanges.Of(plainRanges, text.Length, nameof(plainRanges)), addBeginToken);
    }

    /// <inheritdoc/>
    /// <remarks>Ids without a token decode to nothing. Spaces before punctuation stay (no <c>clean_up_tokenization_spaces</c>).</remarks>
    public string Decode(IEnumerable<int> ids, bool skipSpecialTokens = true)
    {
        ArgumentNullException.ThrowIfNull(ids);
        var decoder = new TokenDecoder(Tokens, skipSpecialTokens);
        foreach (int id in ids)
            decoder.Take(id);
        return decoder.Complete();
    }

    /// <inheritdoc/>
    /// <remarks>Where the prompt ends inside a character, what is returned begins with the whole of it.</remarks>
    public ITokenDecoder CreateDecoder(ReadOnlySpan<int> prompt, bool skipSpecialTokens = true)
    {
        var decoder = new TokenDecoder(Tokens, skipSpecialTokens);
        foreach (int id in prompt)
            decoder.Take(id);
        decoder.DropText();
        return decoder;
    }

    private static HuggingFaceTokenizer Load(string file, byte[] content, JsonPart? config, string fingerprint) =>
        JsonFile.Read(file, content, root => new HuggingFaceTokenizer(root, config) { Fingerprint = fingerprint });

    private static string WellFormed(string text)
    {
        if (text.AsSpan().IndexOfAnyInRange('\uD800', '\uDFFF') < 0)
            return text;

        var result = new StringBuilder(text.Length);
        foreach (Rune rune in text.EnumerateRunes())
            result.Append(rune.ToString());
        return result.ToString();
    }

    private string Normalize(string text)
    {
        foreach (INormalizer normalizer in Normalizers)
            text = normalizer.Normalize(text);
        return text;
    }

    private List<int> Encode(string text, PlainRanges plain, bool addBeginToken)
    {
        var ids = new List<int>((text.Length / 3) + 4);
        text = WellFormed(text);
        foreach (TextSegment segment in _rawTokens.Split(text, plain))
        {
            if (segment.Token is { } token)
                ids.Add(token.Id);
            else
                EncodeRaw(text[segment.Start..segment.End], segment.Start == 0, plain.Within(segment.Start, segment.End), ids);
        }

        if (addBeginToken && !ids.Take(_beginTokens.Length).SequenceEqual(_beginTokens))
            ids.InsertRange(0, _beginTokens);
        return ids;
    }

    private void EncodeRaw(string text, bool atStart, PlainRanges plain, List<int> ids)
    {
        string raw = text;
        foreach (INormalizer normalizer in Normalizers)
        {
            atStart = atStart && normalizer.KeepsStart(text);
            text = normalizer.Normalize(text);
        }

        if (_normalizedTokens is null)
        {
            EncodeWords(text, atStart, ids);
            return;
        }

        foreach (TextSegment segment in _normalizedTokens.Split(text, plain.Normalized(raw, text, Normalize)))
        {
            if (segment.Token is { } token)
                ids.Add(token.Id);
            else
                EncodeWords(text[segment.Start..segment.End], atStart && segment.Start == 0, ids);
        }
    }

    private void EncodeWords(string text, bool atStart, List<int> ids)
    {
        if (text.Length == 0)
            return;

        var pieces = new List<string> { text };
        foreach (IPreTokenizer preTokenizer in PreTokenizers)
        {
            var finer = new List<string>(pieces.Count);
            for (int index = 0; index < pieces.Count; index++)
                preTokenizer.Split(pieces[index], atStart && index == 0, finer);
            pieces = finer;
        }

        foreach (string piece in pieces)
            Model.Encode(piece, ids);
    }
}
