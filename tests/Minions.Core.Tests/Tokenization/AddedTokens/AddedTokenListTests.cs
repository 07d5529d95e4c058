using System.Globalization;
using System.Text.Json.Nodes;
using Minions.Core.Tokenization;

namespace Minions.Core.Tests.Tokenization.AddedTokens;

public class AddedTokenListTests
{
    [Test]
    public void Tokens_of_the_configuration_alone_are_known()
    {
        using ModelFolder folder = ModelFolder.From("gpt2-like", _ => { });
        int next = HuggingFaceTokenizer.Load(folder.Path).VocabularySize;
        folder.Write("tokenizer_config.json", Config((next, "<|tool|>", true), (next + 1, "<think>", false)));
        HuggingFaceTokenizer tokenizer = HuggingFaceTokenizer.Load(folder.Path);
        Assert.Multiple(() =>
        {
            Assert.That(tokenizer.Encode("<|tool|><think>", addBeginToken: false), Is.EqualTo((int[])[next, next + 1]));
            Assert.That(tokenizer.FindToken("<|tool|>"), Is.EqualTo(next));
            Assert.That(tokenizer.Decode([next, next + 1]), Is.EqualTo("<think>"));
            Assert.That(tokenizer.VocabularySize, Is.EqualTo(next + 2));
        });
    }

    [Test]
    public void A_draft_without_such_a_token_fits_and_one_with_another_in_its_place_does_not()
    {
        using ModelFolder target = ModelFolder.From("gpt2-like", _ => { });
        using ModelFolder draft = ModelFolder.From("gpt2-like", _ => { });
        HuggingFaceTokenizer plain = HuggingFaceTokenizer.Load(draft.Path);
        target.Write("tokenizer_config.json", Config((plain.VocabularySize, "<|tool|>", true)));
        Assert.That(TokenizerComparison.FindDifference(HuggingFaceTokenizer.Load(target.Path), draft.Path), Is.Null);
        draft.Write("tokenizer_config.json", Config((plain.VocabularySize, "<|call|>", true)));
        Assert.That(TokenizerComparison.FindDifference(HuggingFaceTokenizer.Load(target.Path), draft.Path), Does.Contain("<|tool|>").And.Contain("<|call|>"));
    }

    [Test]
    public void A_token_that_the_vocabulary_has_keeps_its_id_there()
    {
        using ModelFolder folder = ModelFolder.From("gpt2-like", _ => { });
        int id = HuggingFaceTokenizer.Load(folder.Path).FindToken("the")!.Value;
        folder.Write("tokenizer_config.json", Config((id, "the", false)));
        Assert.That(HuggingFaceTokenizer.Load(folder.Path).Encode("xthex", addBeginToken: false), Does.Contain(id));
    }

    private static string Config(params (int Id, string Content, bool Special)[] tokens)
    {
        var decoder = new JsonObject();
        foreach ((int id, string content, bool special) in tokens)
            decoder[id.ToString(CultureInfo.InvariantCulture)] = new JsonObject { ["content"] = content, ["special"] = special };
        return new JsonObject { ["added_tokens_decoder"] = decoder }.ToJsonString();
    }
}
