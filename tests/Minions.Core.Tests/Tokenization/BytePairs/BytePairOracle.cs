using Microsoft.ML.Tokenizers;
using Minions.Core.Tokenization;
using Minions.Core.Tokenization.BytePairs;
using Minions.Core.Tokenization.Normalization;
using Minions.Core.Tokenization.PreTokenization;

namespace Minions.Core.Tests.Tokenization.BytePairs;

/// <summary>A byte-pair model beside that of Microsoft.ML.Tokenizers, made from the same tokens and merges.</summary>
/// <remarks>The other one has no byte fallback of this kind and no unknown token here, so only words whose every character is a token compare.</remarks>
internal sealed class BytePairOracle
{
    private readonly HuggingFaceTokenizer _tokenizer;
    private readonly BytePairModel _model;
    private readonly BpeTokenizer _oracle;
    private readonly HashSet<char> _known;

    private BytePairOracle(HuggingFaceTokenizer tokenizer)
    {
        _tokenizer = tokenizer;
        _model = (BytePairModel)tokenizer.Model;
        Vocabulary vocabulary = _model.Vocabulary;
        _oracle = BpeTokenizer.Create(new BpeOptions(vocabulary.Ids) { Merges = vocabulary.Merges.Select(merge => $"{merge.Left} {merge.Right}") });
        _known = [.. vocabulary.Ids.Keys.Where(token => token.Length == 1).Select(token => token[0])];
        Characters = [.. _known.Select(character => character.ToString())];
        Tokens = [.. vocabulary.Ids.Keys.Where(Knows)];
    }

    /// <summary>Every tokenizer of the repository, those of the same content once.</summary>
    public static IEnumerable<string> Folders { get; } =
    [
        .. ReferenceTokenizers.Names.Select(ReferenceTokenizers.Folder),
        Path.Combine(RepositoryFiles.Tiny, "llama-int4"),
    ];

    /// <summary>The tokens of one character.</summary>
    public string[] Characters { get; }

    /// <summary>The tokens that are nothing but known characters.</summary>
    public string[] Tokens { get; }

    public static BytePairOracle Load(string folder) => new(HuggingFaceTokenizer.Load(folder));

    public bool Knows(string word) => word.All(_known.Contains);

    public bool Agrees(string word)
    {
        if (_model.IgnoreMerges && _model.Vocabulary.Ids.ContainsKey(word))
            return true;

        List<int> ids = [];
        _model.Encode(word, ids);
        return ids.SequenceEqual(_oracle.EncodeToIds(word, considerPreTokenization: false, considerNormalization: false));
    }

    /// <summary>What reaches the model of a text without added tokens.</summary>
    public List<string> WordsOf(string text)
    {
        foreach (INormalizer normalizer in _tokenizer.Normalizers)
            text = normalizer.Normalize(text);

        List<string> words = text.Length == 0 ? [] : [text];
        foreach (IPreTokenizer preTokenizer in _tokenizer.PreTokenizers)
        {
            List<string> finer = [];
            for (int index = 0; index < words.Count; index++)
                preTokenizer.Split(words[index], index == 0, finer);
            words = finer;
        }

        return words;
    }
}
