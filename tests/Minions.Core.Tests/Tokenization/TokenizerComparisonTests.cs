using System.Text.Json.Nodes;
using Minions.Core.Tokenization;

namespace Minions.Core.Tests.Tokenization;

public class TokenizerComparisonTests
{
    [Test]
    public void Drafts_with_the_file_of_the_target_fit()
    {
        var target = ReferenceTokenizers.Get("smollm2");
        foreach (var draft in (string[])["draft-code", "draft-facts", "draft-stories"])
            Assert.That(TokenizerComparison.FindDifference(target, Path.Combine(RepositoryFiles.SmolLm2, draft)), Is.Null);
    }

    [Test]
    public void Files_that_differ_in_form_alone_fit()
    {
        using var folder = ModelFolder.From("gpt2-like", json =>
        {
            json["version"] = "2.0";
            var merges = json["model"]!["merges"]!.AsArray();
            json["model"]!["merges"] = new JsonArray([.. merges.Select(pair => (JsonNode)$"{pair![0]} {pair[1]}")]);
            json["pre_tokenizer"] = JsonNode.Parse("""{"type": "Sequence", "pretokenizers": [{"type": "ByteLevel", "add_prefix_space": false}]}""");
            json["post_processor"] = JsonNode.Parse("""{"type": "ByteLevel"}""");
        });
        Assert.That(TokenizerComparison.FindDifference(ReferenceTokenizers.Get("gpt2-like"), folder.Path), Is.Null);
    }

    [Test]
    public void Equal_splits_and_normalizers_fit()
    {
        using var folder = ModelFolder.From("qwen2-like", json => json["version"] = "2.0");
        Assert.That(TokenizerComparison.FindDifference(ReferenceTokenizers.Get("qwen2-like"), folder.Path), Is.Null);
    }

    private static readonly TestCaseData[] SameMeanings =
    [
        Change(json => json["model"]!["vocab"]!["zzzz"] = 1500, "an id more than the target has"),
        Change(json => json["added_tokens"]!.AsArray().RemoveAt(json["added_tokens"]!.AsArray().Count - 1), "a special token less"),
        Change(json => json["model"]!["merges"]!.AsArray().RemoveAt(3), "a merge less"),
        Change(json => json["added_tokens"]![0]!["special"] = false, "a token that is not special"),
        Change(json => json["normalizer"] = JsonNode.Parse("""{"type": "NFC"}"""), "another normalizer"),
        Change(json => json["pre_tokenizer"] = JsonNode.Parse("""{"type": "Unheard"}"""), "a pre-tokenizer that is not supported"),
    ];

    [TestCaseSource(nameof(SameMeanings))]
    public void What_encodes_need_not_be_equal_nor_need_both_know_every_id(Action<JsonObject> change, string what)
    {
        using var folder = ModelFolder.From("gpt2-like", change);
        Assert.That(TokenizerComparison.FindDifference(ReferenceTokenizers.Get("gpt2-like"), folder.Path), Is.Null, what);
    }

    [Test]
    public void An_id_of_another_meaning_is_refused_by_both_tokens()
    {
        using var folder = ModelFolder.From("gpt2-like", json =>
        {
            json["added_tokens"]![0]!["content"] = "<|start|>";
            json["model"]!["vocab"]!.AsObject().Remove("<|endoftext|>");
            json["model"]!["vocab"]!["<|start|>"] = 0;
        });
        Assert.That(
            TokenizerComparison.FindDifference(ReferenceTokenizers.Get("gpt2-like"), folder.Path),
            Is.EqualTo("id 0 is '<|endoftext|>' in the target's tokenizer and '<|start|>' in the draft's"));
    }

    [Test]
    public void Tokenizers_without_a_common_id_are_refused()
    {
        using var folder = new ModelFolder().Write("tokenizer.json", """{"model": {"vocab": {"a": 900000}}}""");
        Assert.That(TokenizerComparison.FindDifference(ReferenceTokenizers.Get("gpt2-like"), folder.Path), Does.Contain("no id in common"));
    }

    [Test]
    public void A_vocabulary_in_the_form_of_a_list_is_read()
    {
        using var folder = new ModelFolder().Write("tokenizer.json", """{"model": {"vocab": [["<|endoftext|>", 0.0], ["nothing", -1.5]]}}""");
        Assert.That(TokenizerComparison.FindDifference(ReferenceTokenizers.Get("gpt2-like"), folder.Path), Does.StartWith("id 1 is "));
    }

    [Test]
    public void A_tokenizer_from_outside_is_its_providers_promise() =>
        Assert.That(TokenizerComparison.FindDifference(new LetterTokenizer(), "no-such-folder"), Is.Null);

    private static TestCaseData Change(Action<JsonObject> change, string expected) =>
        new TestCaseData(change, expected).SetArgDisplayNames(expected);
}
