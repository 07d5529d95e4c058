using System.Text.Json.Nodes;
using CsCheck;
using Minions.Core.Tokenization;

namespace Minions.Core.Tests.Tokenization;

/// <summary>Whatever is wrong with a tokenizer is named with its file and place.</summary>
public class TokenizerLoadErrorTests
{
    private static readonly TestCaseData[] Unsupported =
    [
        Case("model", """{"type": "WordPiece", "vocab": {}}""", "model", "WordPiece"),
        Case("model", """{"type": "WordLevel", "vocab": {}}""", "model", "WordLevel"),
        Case("model", """{"type": "Unigram", "vocab": [["a"]]}""", "model.vocab[0]", "score"),
        Case("model", """{"type": "Unigram", "vocab": [["a", -1.5]], "unk_id": 1}""", "model.unk_id", "1"),
        Case("model", """{"vocab": {}}""", "model", "WordLevel"),
        Case("model", """{"type": "BPE", "merges": []}""", "model", "vocab"),
        Case("model", """{"type": "BPE", "vocab": {"a": "x"}, "merges": []}""", "model.vocab.a", "integer"),
        Case("model", """{"type": "BPE", "vocab": {"a": -1}, "merges": []}""", "model.vocab.a", "negative"),
        Case("model", """{"type": "BPE", "vocab": {"a": 0, "b": 0}, "merges": []}""", "model.vocab.b", "id 0"),
        Case("model", """{"type": "BPE", "vocab": {"a": 0, "b": 1}, "merges": ["a b"]}""", "model.merges[0]", "'ab'"),
        Case("model", """{"type": "BPE", "vocab": {"a": 0, "b": 1}, "merges": ["ab"]}""", "model.merges[0]", "'ab'"),
        Case("model", """{"type": "BPE", "vocab": {"a": 0, "b": 1}, "merges": [["a"]]}""", "model.merges[0]", "pair"),
        Case("model", """{"type": "BPE", "vocab": {"a": 0}, "merges": [], "dropout": 0.1}""", "model.dropout", "zero"),
        Case("model", """{"type": "BPE", "vocab": {"a": 0}, "merges": [], "byte_fallback": 1}""", "model.byte_fallback", "true nor false"),
        Case("model", "[]", "model", "object"),
        Case("normalizer", """{"type": "Precompiled"}""", "normalizer", "precompiled_charsmap"),
        Case("normalizer", """{"type": "Precompiled", "precompiled_charsmap": "?"}""", "normalizer.precompiled_charsmap", "base64"),
        Case("normalizer", """{"type": "Precompiled", "precompiled_charsmap": "AAEAAAAA"}""", "normalizer.precompiled_charsmap", "length"),
        Case("normalizer", """{"type": "Sequence", "normalizers": [{"type": "NFC"}, {"type": "BertNormalizer"}]}""", "normalizer.normalizers[1]", "BertNormalizer"),
        Case("pre_tokenizer", """{"type": "FixedLength", "length": 0}""", "pre_tokenizer", "least"),
        Case("pre_tokenizer", """{"type": "Punctuation", "behavior": "Sideways"}""", "pre_tokenizer.behavior", "Sideways"),
        Case("post_processor", """{"type": "RobertaProcessing", "cls": ["<s>"]}""", "post_processor.cls", "id"),
        Case("normalizer", """{"type": "Replace", "pattern": {"String": ""}, "content": ""}""", "normalizer.pattern.String", "empty"),
        Case("normalizer", """{"type": "Prepend"}""", "normalizer", "prepend"),
        Case("pre_tokenizer", """{"type": "UnicodeScripts"}""", "pre_tokenizer", "UnicodeScripts"),
        Case("pre_tokenizer", """{"type": "Split", "pattern": {"Regex": "\\p{Klingon}+"}, "behavior": "Isolated"}""", "pre_tokenizer.pattern.Regex", @"\p{Klingon}"),
        Case("pre_tokenizer", """{"type": "Split", "pattern": {"Regex": "("}, "behavior": "Isolated"}""", "pre_tokenizer.pattern.Regex", "not closed"),
        Case("pre_tokenizer", """{"type": "Split", "pattern": {"String": "a"}, "behavior": "Sideways"}""", "pre_tokenizer.behavior", "Sideways"),
        Case("pre_tokenizer", """{"type": "Metaspace", "prepend_scheme": "sometimes"}""", "pre_tokenizer", "sometimes"),
        Case("decoder", """{"type": "WordPiece"}""", "decoder", "WordPiece"),
        Case("decoder", """{"type": "Sequence", "decoders": [{"type": "Fuse"}, {"type": "ByteFallback"}]}""", "decoder.decoders[1]", "order"),
        Case("decoder", """{"type": "Strip", "content": " ", "start": 1, "stop": 0}""", "decoder", "Strip"),
        Case("decoder", """{"type": "Sequence", "decoders": [{"type": "Fuse"}, {"type": "Strip", "content": " ", "start": 0, "stop": 1}]}""", "decoder.decoders[1]", "end"),
        Case("post_processor", """{"type": "BertProcessing"}""", "post_processor", "cls"),
        Case("post_processor", """{"type": "TemplateProcessing", "single": []}""", "post_processor", "template"),
        Case("added_tokens", """[{"id": -5, "content": "x"}]""", "added_tokens[0]", "negative"),
        Case("added_tokens", """[{"content": "x"}]""", "added_tokens[0]", "'id'"),
        Case("added_tokens", "{}", "added_tokens", "array"),
    ];

    [TestCaseSource(nameof(Unsupported))]
    public void Unsupported_parts_are_named(string part, string value, string place, string what)
    {
        using var folder = ModelFolder.From("gpt2-like", json => json[part] = JsonNode.Parse(value));
        var error = Fault(folder);
        Assert.That(error.Path, Is.EqualTo(folder.File));
        Assert.That(error.Message, Does.Contain($": {place} ").And.Contain(what).And.Contain(folder.File));
    }

    [Test]
    public void A_missing_folder_is_named()
    {
        var missing = Path.Combine(RepositoryFiles.Tokenizers, "no-such-folder");
        var error = Assert.Throws<ModelLoadException>(() => HuggingFaceTokenizer.Load(missing))!;
        Assert.That(error.Message, Does.Contain(missing).And.Contain("does not exist"));
        Assert.That(error.Path, Is.EqualTo(missing));
    }

    [Test]
    public void A_missing_file_is_named()
    {
        using var folder = new ModelFolder();
        Assert.That(Fault(folder).Message, Does.Contain(folder.Path).And.Contain("tokenizer.json"));
        folder.Write("tokenizer.model", string.Empty);
        Assert.That(Fault(folder).Message, Does.Contain("tokenizer.model"));
    }

    [TestCase("")]
    [TestCase("{")]
    [TestCase("not json")]
    public void Malformed_JSON_is_named(string content)
    {
        using var folder = new ModelFolder().Write("tokenizer.json", content);
        var error = Fault(folder);
        Assert.That(error.Message, Does.Contain(folder.File).And.Contain("not valid JSON"));
        Assert.That(error.InnerException, Is.Not.Null);
    }

    [Test]
    public void A_string_that_is_no_Unicode_is_named()
    {
        using var folder = ModelFolder.From("gpt2-like", _ => { });
        folder.Write("tokenizer.json", File.ReadAllText(folder.File).Replace("\"unk_token\":null", "\"unk_token\":\"\\ud800\"", StringComparison.Ordinal));
        Assert.That(Fault(folder).Message, Does.Contain(folder.File).And.Contain("Unicode"));
    }

    [Test]
    public void A_pointer_in_place_of_the_file_is_named()
    {
        using var folder = new ModelFolder().Write("tokenizer.json", "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n");
        Assert.That(Fault(folder).Message, Does.Contain(folder.File).And.Contain("git lfs pull"));
    }

    [Test]
    public void A_file_that_is_far_too_long_is_named_and_not_read()
    {
        using var folder = new ModelFolder().Write("tokenizer.json", string.Empty);
        using (FileStream file = File.OpenWrite(folder.File))
            file.SetLength(100_000_000_000);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.That(Fault(folder).Message, Does.Contain(folder.File).And.Contain("96 MiB"));
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.LessThan(1 << 20));
    }

    [TestCase("gpt2-like")]
    [TestCase("xlmr-like")]
    public void A_file_that_is_cut_or_changed_anywhere_loads_or_is_named(string name)
    {
        byte[] content = File.ReadAllBytes(Path.Combine(RepositoryFiles.Tokenizers, name, "tokenizer.json"));
        using var folder = new ModelFolder();
        Gen.Select(Gen.Bool, Gen.Int[0, content.Length - 1], Gen.Byte).Sample(
            (cut, place, value) =>
            {
                byte[] broken = cut ? content[..place] : [.. content];
                if (!cut)
                    broken[place] = value;
                File.WriteAllBytes(folder.File, broken);
                try
                {
                    HuggingFaceTokenizer.Load(folder.Path).Encode("a text");
                    return !cut;
                }
                catch (ModelLoadException exception)
                {
                    return exception.Message.Contains(folder.File, StringComparison.Ordinal);
                }
            },
            iter: 150,
            threads: 1);
    }

    [TestCase("[]", "object")]
    [TestCase("{", "not valid JSON")]
    [TestCase("""{"added_tokens_decoder": {"x": {"content": "<x>"}}}""", "'x'")]
    [TestCase("""{"added_tokens_decoder": {"9999": {"content": "<x>"}}}""", "9999")]
    [TestCase("""{"add_bos_token": true}""", "bos_token")]
    [TestCase("""{"add_bos_token": "yes"}""", "add_bos_token")]
    [TestCase("""{"add_bos_token": true, "bos_token": "<nowhere>"}""", "<nowhere>")]
    public void A_wrong_configuration_is_named(string config, string what)
    {
        using var folder = ModelFolder.From("gpt2-like", _ => { });
        folder.Write("tokenizer_config.json", config);
        Assert.That(Fault(folder).Message, Does.Contain("tokenizer_config.json").And.Contain(what));
    }

    [Test]
    public void An_empty_path_is_an_argument_error() =>
        Assert.That(() => HuggingFaceTokenizer.Load(" "), Throws.ArgumentException.With.Property("ParamName").EqualTo("folder"));

    private static ModelLoadException Fault(ModelFolder folder) =>
        Assert.Throws<ModelLoadException>(() => HuggingFaceTokenizer.Load(folder.Path))!;

    private static TestCaseData Case(string part, string value, string place, string what) =>
        new TestCaseData(part, value, place, what).SetArgDisplayNames(part, place, what);
}
