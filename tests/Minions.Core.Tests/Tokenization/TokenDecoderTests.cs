using Minions.Core.Tokenization;

namespace Minions.Core.Tests.Tokenization;

public class TokenDecoderTests
{
    [TestCase("gpt2-like")]
    [TestCase("gemma-like")]
    public void A_character_of_several_tokens_comes_whole_with_its_last(string name)
    {
        var tokenizer = ReferenceTokenizers.Get(name);
        var ids = tokenizer.Encode("\U0001F9FF", addBeginToken: false);
        Assert.That(ids, Has.Count.EqualTo(4));
        var decoder = tokenizer.CreateDecoder([]);
        Assert.That(ids.Select(decoder.Append), Is.EqualTo((string[])["", "", "", "\U0001F9FF"]));
        Assert.That(decoder.Complete(), Is.Empty);
    }

    [TestCase("gpt2-like", "\uFFFD", TestName = "An_unfinished_character_is_replaced_once_over_bytes")]
    [TestCase("gemma-like", "\uFFFD\uFFFD\uFFFD", TestName = "An_unfinished_character_is_replaced_byte_by_byte_with_byte_fallback")]
    public void An_unfinished_character_is_replaced_at_the_end(string name, string replaced)
    {
        var tokenizer = ReferenceTokenizers.Get(name);
        var ids = tokenizer.Encode("\U0001F9FF", addBeginToken: false).Take(3).ToArray();
        var decoder = tokenizer.CreateDecoder([]);
        Assert.That(string.Concat(ids.Select(decoder.Append)), Is.Empty);
        Assert.That(decoder.Complete(), Is.EqualTo(replaced));
        Assert.That(tokenizer.Decode(ids), Is.EqualTo(replaced));
    }

    [TestCase("gpt2-like")]
    [TestCase("gemma-like")]
    public void A_character_that_the_prompt_began_comes_whole(string name)
    {
        var tokenizer = ReferenceTokenizers.Get(name);
        var ids = tokenizer.Encode("a\U0001F9FF", addBeginToken: false).ToArray();
        var decoder = tokenizer.CreateDecoder(ids.AsSpan(0, ids.Length - 1));
        Assert.That(decoder.Append(ids[^1]), Is.EqualTo("\U0001F9FF"));
    }

    [Test]
    public void The_space_of_the_first_word_is_stripped_only_where_the_text_begins()
    {
        var tokenizer = ReferenceTokenizers.Get("llama2-like");
        var ids = tokenizer.Encode("the", addBeginToken: false).ToArray();
        Assert.That(string.Concat(ids.Select(tokenizer.CreateDecoder([1]).Append)), Is.EqualTo("the"));
        Assert.That(string.Concat(ids.Select(tokenizer.CreateDecoder(ids).Append)), Is.EqualTo(" the"));
    }

    [Test]
    public void Special_tokens_and_ids_without_a_token_are_no_text()
    {
        var tokenizer = ReferenceTokenizers.Get("smollm2");
        var decoder = tokenizer.CreateDecoder([]);
        Assert.That(decoder.Append(1) + decoder.Append(-1) + decoder.Append(tokenizer.VocabularySize) + decoder.Append(81), Is.EqualTo("a"));
        Assert.That(tokenizer.Decode([1, 81], skipSpecialTokens: false), Is.EqualTo("<|im_start|>a"));
        ITokenDecoder all = tokenizer.CreateDecoder([], skipSpecialTokens: false);
        Assert.That(all.Append(1) + all.Append(81), Is.EqualTo("<|im_start|>a"));
    }

    [Test]
    public void The_end_of_a_word_is_a_space_only_before_another_token()
    {
        HuggingFaceTokenizer tokenizer = HuggingFaceTokenizer.Load(Path.Combine(RepositoryFiles.Tokenizers, "gpt1-like"));
        int[] ids = [tokenizer.FindToken("a</w>")!.Value, tokenizer.FindToken("b</w>")!.Value];
        ITokenDecoder decoder = tokenizer.CreateDecoder([]);
        Assert.That(ids.Select(decoder.Append), Is.EqualTo((string[])["a", " b"]));
        Assert.That(decoder.Complete(), Is.Empty);
        Assert.That(tokenizer.CreateDecoder(ids).Append(ids[0]), Is.EqualTo(" a"));
        Assert.That(tokenizer.Decode(ids), Is.EqualTo("a b"));
    }
}
