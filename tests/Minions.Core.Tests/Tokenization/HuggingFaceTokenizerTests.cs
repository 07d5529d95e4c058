using System.Text.Json.Nodes;
using Minions.Core.Tokenization;

namespace Minions.Core.Tests.Tokenization;

public class HuggingFaceTokenizerTests
{
    [Test]
    public void Special_tokens_are_parsed_only_when_asked_for()
    {
        var tokenizer = ReferenceTokenizers.Get("smollm2");
        var parsed = tokenizer.Encode("<|im_start|>a<|im_end|>");
        var plain = tokenizer.Encode("<|im_start|>a<|im_end|>", parseSpecialTokens: false);
        Assert.That(parsed, Is.EqualTo((int[])[1, 81, 2]));
        Assert.That(plain, Has.None.EqualTo(1).And.None.EqualTo(2));
        Assert.That(tokenizer.Decode(plain), Is.EqualTo("<|im_start|>a<|im_end|>"));
    }

    [TestCase("llama2-like", "<s>", 1)]
    [TestCase("gemma-like", "<s>", 1)]
    [TestCase("llama3-like", "<|begin_of_text|>", 0)]
    public void The_begin_token_comes_first_and_never_twice(string name, string begin, int id)
    {
        var tokenizer = ReferenceTokenizers.Get(name);
        var without = tokenizer.Encode("Hi", addBeginToken: false);
        Assert.That(without, Has.None.EqualTo(id));
        Assert.That(tokenizer.Encode("Hi"), Is.EqualTo(without.Prepend(id)));
        Assert.That(tokenizer.Encode(begin + "Hi").Count(token => token == id), Is.EqualTo(1));
        Assert.That(tokenizer.Encode(begin + "Hi", parseSpecialTokens: false)[0], Is.EqualTo(id));
        Assert.That(tokenizer.Encode(string.Empty), Is.EqualTo((int[])[id]));
    }

    [TestCase("""{"add_bos_token": true, "bos_token": "<|endoftext|>"}""", true)]
    [TestCase("""{"add_bos_token": true, "bos_token": {"content": "<|endoftext|>"}}""", true)]
    [TestCase("""{"add_bos_token": false, "bos_token": "<|endoftext|>"}""", false)]
    [TestCase("""{"add_bos_token": null, "bos_token": "<|endoftext|>"}""", false)]
    [TestCase("""{"bos_token": "<|endoftext|>"}""", false)]
    public void The_configuration_asks_for_a_begin_token(string config, bool added)
    {
        using var folder = ModelFolder.From("gpt2-like", _ => { });
        var tokenizer = HuggingFaceTokenizer.Load(folder.Write("tokenizer_config.json", config).Path);
        Assert.That(tokenizer.Encode("Hi")[0] == 0, Is.EqualTo(added));
    }

    [Test]
    public void The_configuration_takes_the_begin_token_away()
    {
        using var folder = ModelFolder.From("llama3-like", _ => { });
        var tokenizer = HuggingFaceTokenizer.Load(folder.Write("tokenizer_config.json", """{"add_bos_token": false}""").Path);
        Assert.That(tokenizer.Encode("Hi"), Has.None.Zero);
    }

    [Test]
    public void An_end_token_of_the_template_is_not_added_to_a_text_that_goes_on()
    {
        using var folder = ModelFolder.From("llama3-like", json =>
            json["post_processor"]!["single"]!.AsArray().Add(JsonNode.Parse("""{"SpecialToken": {"id": "<|end_of_text|>", "type_id": 0}}""")));
        Assert.That(HuggingFaceTokenizer.Load(folder.Path).Encode("Hi"), Has.None.EqualTo(1));
    }

    [Test]
    public void A_whole_word_of_the_vocabulary_needs_no_merges_where_they_are_ignored()
    {
        // A token that no merge reaches.
        using var merged = ModelFolder.From("gpt2-like", json => json["model"]!["vocab"]!["qzqzq"] = 1500);
        using var ignored = ModelFolder.From("gpt2-like", json =>
        {
            json["model"]!["vocab"]!["qzqzq"] = 1500;
            json["model"]!["ignore_merges"] = true;
        });
        Assert.That(HuggingFaceTokenizer.Load(merged.Path).Encode("qzqzq"), Has.Count.EqualTo(5));
        Assert.That(HuggingFaceTokenizer.Load(ignored.Path).Encode("qzqzq"), Is.EqualTo((int[])[1500]));
    }

    [Test]
    public void Unknown_characters_are_fused_or_not()
    {
        static IReadOnlyList<int> Encode(bool fuse)
        {
            using var folder = ModelFolder.From("gemma-like", json =>
            {
                json["model"]!["byte_fallback"] = false;
                json["model"]!["fuse_unk"] = fuse;
            });
            return HuggingFaceTokenizer.Load(folder.Path).Encode("\U0001F9FF\U0001F9FF", addBeginToken: false);
        }

        Assert.That(Encode(fuse: true), Is.EqualTo((int[])[0]));
        Assert.That(Encode(fuse: false), Is.EqualTo((int[])[0, 0]));
    }

    [Test]
    public void Metaspace_gives_the_ids_of_prepend_and_replace()
    {
        using var folder = ModelFolder.From("llama2-like", json =>
        {
            json["normalizer"] = null;
            json["pre_tokenizer"] = JsonNode.Parse("""{"type": "Metaspace", "replacement": "▁", "prepend_scheme": "always", "split": false}""");
            json["decoder"] = JsonNode.Parse(
                """{"type": "Sequence", "decoders": [{"type": "Metaspace", "replacement": "▁", "prepend_scheme": "always"}, {"type": "ByteFallback"}, {"type": "Fuse"}]}""");
        });
        var tokenizer = HuggingFaceTokenizer.Load(folder.Path);
        Assert.That(tokenizer.Encode("the, old house"), Is.EqualTo(ReferenceTokenizers.Get("llama2-like").Encode("the, old house")));
        Assert.That(tokenizer.Decode(tokenizer.Encode("the, old house")), Is.EqualTo("the, old house"));
    }

    [Test]
    public void A_prompt_that_is_one_word_is_encoded_in_time_that_its_length_explains()
    {
        // Quadratic work would take minutes. The processor's time, as the machine may have more to do.
        var text = string.Concat(Enumerable.Repeat("the quick brown fox ", 20_000));
        var before = Environment.CpuUsage.UserTime;
        var ids = ReferenceTokenizers.Get("gemma-like").Encode(text);
        Assert.That(Environment.CpuUsage.UserTime - before, Is.LessThan(TimeSpan.FromSeconds(10)));
        Assert.That(ReferenceTokenizers.Get("gemma-like").Decode(ids), Is.EqualTo(text));
    }

    [Test]
    public void A_normalized_added_token_is_found_in_the_normalized_text()
    {
        using var folder = ModelFolder.From("gemma-like", json => json["added_tokens"]!.AsArray().Add(JsonNode.Parse(
            """{"id": 1500, "content": "new york", "single_word": false, "lstrip": false, "rstrip": false, "normalized": true, "special": false}""")));
        var tokenizer = HuggingFaceTokenizer.Load(folder.Path);
        Assert.That(tokenizer.Encode("in new york", addBeginToken: false)[^1], Is.EqualTo(1500));
        Assert.That(tokenizer.Encode("in new\u2581york", parseSpecialTokens: false, addBeginToken: false)[^1], Is.EqualTo(1500));
        Assert.That(tokenizer.Decode([1500]), Is.EqualTo("new york"));
        Assert.That(tokenizer.VocabularySize, Is.EqualTo(1501));
    }

    [Test]
    public void A_stripping_special_token_takes_the_line_break_behind_it()
    {
        // As Phi-3's control tokens do.
        using var folder = ModelFolder.From("llama2-like", json => json["added_tokens"]![2]!["rstrip"] = true);
        var tokenizer = HuggingFaceTokenizer.Load(folder.Path);
        Assert.That(tokenizer.Encode("</s>\n the", addBeginToken: false), Is.EqualTo(tokenizer.Encode("</s>the", addBeginToken: false)));
    }

    [Test]
    public void The_first_scheme_marks_only_the_beginning_of_the_text()
    {
        using var folder = ModelFolder.From("llama2-like", json =>
        {
            json["normalizer"] = null;
            json["pre_tokenizer"] = JsonNode.Parse("""{"type": "Metaspace", "replacement": "▁", "prepend_scheme": "first", "split": false}""");
        });
        var tokenizer = HuggingFaceTokenizer.Load(folder.Path);
        var mark = tokenizer.FindToken("\u2581")!.Value;
        Assert.That(tokenizer.Encode("x</s>x", addBeginToken: false), Is.EqualTo((int[])[mark, tokenizer.FindToken("x")!.Value, 2, tokenizer.FindToken("x")!.Value]));
    }

    [TestCase("qwen3-fp32")]
    [TestCase("llama-int4")]
    public void A_tokenizer_with_a_template_that_adds_nothing_adds_nothing(string name)
    {
        var tokenizer = HuggingFaceTokenizer.Load(Path.Combine(RepositoryFiles.Tiny, name));
        var ids = tokenizer.Encode("Once upon a time");
        Assert.That(ids, Is.EqualTo(tokenizer.Encode("Once upon a time", addBeginToken: false)));
        Assert.That(tokenizer.Decode(ids), Is.EqualTo("Once upon a time"));
    }

    [Test]
    public void Tokens_are_found_by_their_text()
    {
        var tokenizer = ReferenceTokenizers.Get("smollm2");
        Assert.That(tokenizer.FindToken("<|im_end|>"), Is.EqualTo(2));
        Assert.That(tokenizer.FindToken("a"), Is.EqualTo(81));
        Assert.That(tokenizer.FindToken("no such token"), Is.Null);
        Assert.That(tokenizer.VocabularySize, Is.EqualTo(49152));
    }
}
