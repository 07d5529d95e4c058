using CsCheck;

namespace Minions.Core.Tests.Tokenization.Reference;

/// <summary>Every tokenizer of the repository beside Hugging Face's own library, over random texts.</summary>
[TestFixtureSource(nameof(Folders))]
public class ReferenceLibraryTests(string folder)
{
    private static readonly string[] Fragments =
    [
        "the", "The", " the", "ing", "and", "of ", "she", "cat's", "'S", "I'll", "er", "camelCase", "it is", "  ", " ", "\n", "\t", "\r\n", "123", "4567", "\u00BD", "\u00B2",
        ".", "...", "!?", "$", "-", "\u20AC", "\u00E9", "e\u0301", "a\u0308", "\uFB01", "\u03C3\u03C2\u03A3", "\u00DF", "\u1E9E", "\u65E5\u672C", "\uD55C", "\u3000",
        "\u00A0", "\u200B", "\u200D", "\u2581", "\uFF21", "\u2460", "\U00010400", "\U0001F600", "\U0001F469\u200D\U0001F467", "\U0001D7D8", "<s>", "</s>", "<unk>", "<pad>",
        "<extra_0>", "<|endoftext|>", "<0x41>",
    ];

    private static readonly Gen<string> Texts = Gen.OneOf(
        RandomTexts.AnyOf(Fragments).Array[0, 25].Select(string.Concat),
        Gen.Select(RandomTexts.AnyOf(Fragments).Array[0, 6].Select(string.Concat), RandomTexts.Wellformed, (left, right) => left + right));

    private TokenizerPair _pair = null!;

    public static IEnumerable<string> Folders()
    {
        IEnumerable<string> folders =
        [
            .. ReferenceTokenizers.Names.Select(ReferenceTokenizers.Folder),
            .. Directory.EnumerateDirectories(Path.Combine(RepositoryFiles.Tokenizers, "cases")).Order(StringComparer.Ordinal),
            .. new[] { "t5-like", "xlmr-like", "clip-like", "gpt1-like" }.Select(name => Path.Combine(RepositoryFiles.Tokenizers, name)),
            .. new[] { "llama-int4", "qwen3-fp32" }.Select(name => Path.Combine(RepositoryFiles.Tiny, name)),
        ];
        return folders.Where(folder => File.Exists(Path.Combine(folder, "tokenizer.json"))).Select(folder => Path.GetRelativePath(RepositoryFiles.PathOf(), folder));
    }

    [OneTimeSetUp]
    public void Load() => _pair = TokenizerPair.Load(RepositoryFiles.PathOf(folder));

    [OneTimeTearDown]
    public void Unload() => _pair?.Dispose();

    [Test]
    public void Ids_are_those_of_the_library() => Texts.Sample(_pair.Agrees, iter: RandomTexts.Times(500));

    [Test]
    public void Texts_of_encoded_ids_are_those_of_the_library() => Texts.Sample(
        text =>
        {
            IReadOnlyList<int> ids = _pair.Own.Encode(text, addBeginToken: false);
            return ids.Count == 0 || _pair.Own.Decode(ids) == _pair.Reference.Decode(ids);
        },
        iter: RandomTexts.Times(100));
}
