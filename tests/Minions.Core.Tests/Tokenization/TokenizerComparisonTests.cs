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
        Assert.That(TokenizerComparison.FindDifference(ReferenceTokenizers.Get("gpt2-like"), HuggingFaceTokenizer.Load(folder.Path)), Is.Null);
    }

    [Test]
    public void Equal_splits_and_normalizers_fit()
    {
        using var folder = ModelFolder.From("qwen2-like", json => json["version"] = "2.0");
        Assert.That(TokenizerComparison.FindDifference(ReferenceTokenizers.Get("qwen2-like"), folder.Path), Is.Null);
    }

    [TestCase("qwen2-like", "gpt2-like", "id 1 is '<|im_start|>' in the target's tokenizer and '!' in the draft's")]
    [TestCase("smollm2", "llama2-like", "id 0 is '<|endoftext|>' in the target's tokenizer and '<unk>' in the draft's")]
    public void Another_vocabulary_is_refused_with_the_first_difference(string target, string draft, string expected) =>
        Assert.That(TokenizerComparison.FindDifference(ReferenceTokenizers.Get(target), ReferenceTokenizers.Get(draft)), Is.EqualTo(expected));

    private static readonly TestCaseData[] Changes =
    [
        Change(json => json["model"]!["vocab"]!["zzzz"] = 1500, "id 1500 is missing in the target's tokenizer and 'zzzz' in the draft's"),
        Change(
            json =>
            {
                var merges = json["model"]!["merges"]!.AsArray();
                var last = merges[^1]!;
                merges.RemoveAt(merges.Count - 1);
                merges.Insert(3, last);
            },
            "merge 3 is "),
        Change(json => json["added_tokens"]![0]!["special"] = false, "the added token '<|endoftext|>' (id 0) is (special: True"),
        Change(json => json["normalizer"] = JsonNode.Parse("""{"type": "NFC"}"""), "normalizer 1 is missing"),
        Change(json => json["pre_tokenizer"]!["add_prefix_space"] = true, "pre-tokenizer 1 is "),
        Change(json => json["model"]!["ignore_merges"] = true, "ignore_merges is False in the target's tokenizer and True in the draft's"),
    ];

    [TestCaseSource(nameof(Changes))]
    public void Another_effect_is_refused_with_the_reason(Action<JsonObject> change, string expected)
    {
        using var folder = ModelFolder.From("gpt2-like", change);
        Assert.That(TokenizerComparison.FindDifference(ReferenceTokenizers.Get("gpt2-like"), folder.Path), Does.StartWith(expected));
    }

    [Test]
    public void A_tokenizer_from_outside_is_its_providers_promise() =>
        Assert.That(TokenizerComparison.FindDifference(new LetterTokenizer(), ReferenceTokenizers.Get("gpt2-like")), Is.Null);

    private static TestCaseData Change(Action<JsonObject> change, string expected) =>
        new TestCaseData(change, expected).SetArgDisplayNames(expected);
}
