using CsCheck;
using Minions.Core.Tokenization;

namespace Minions.Core.Tests.Tokenization;

/// <summary>Special tokens count in a prompt's template, and are text in what somebody else wrote.</summary>
public sealed class EncodePromptTests
{
    private static IEnumerable<string> Names => ReferenceTokenizers.Names;

    [TestCaseSource(nameof(Names))]
    public void Without_plain_parts_a_prompt_is_encoded_as_a_text(string name) => Pieces(name).Sample(
        pieces => Prompt(name, pieces.Select(piece => (piece.Text, false))).SequenceEqual(ReferenceTokenizers.Get(name).Encode(Joined(pieces))), iter: 300);

    [TestCaseSource(nameof(Names))]
    public void A_prompt_that_is_plain_as_a_whole_is_encoded_without_special_tokens(string name) => Pieces(name).Sample(
        pieces => ReferenceTokenizers.Get(name).EncodePrompt(Joined(pieces), [0..Joined(pieces).Length])
            .SequenceEqual(ReferenceTokenizers.Get(name).Encode(Joined(pieces), parseSpecialTokens: false)),
        iter: 300);

    [TestCaseSource(nameof(Names))]
    public void Plain_parts_without_special_tokens_change_nothing(string name) => Gen.Select(RandomTexts.Wellformed, Gen.Bool).Array[0, 6].Sample(
        pieces => Prompt(name, pieces).SequenceEqual(ReferenceTokenizers.Get(name).Encode(Joined(pieces))), iter: 300);

    [TestCaseSource(nameof(Names))]
    public void Special_tokens_are_found_outside_of_plain_parts_only(string name) => Pieces(name).Sample(
        pieces =>
        {
            int[] wanted = [.. pieces.Where(piece => !piece.IsPlain).SelectMany(piece => SpecialIds(name, ReferenceTokenizers.Get(name).Encode(piece.Text, addBeginToken: false)))];
            return SpecialIds(name, Prompt(name, pieces, addBeginToken: false)).SequenceEqual(wanted);
        },
        iter: 300);

    [Test]
    public void Special_tokens_that_are_looked_for_in_normalised_text_are_found_outside_of_plain_parts_only()
    {
        using ModelFolder folder = ModelFolder.From("llama2-like", json =>
        {
            foreach (var token in json["added_tokens"]!.AsArray())
                token!["normalized"] = true;
        });
        var tokenizer = HuggingFaceTokenizer.Load(folder.Path);

        // This tokenizer's normaliser makes the space in front part of the token.
        var ids = tokenizer.EncodePrompt("<s>é </s> a </s>", [3..11], addBeginToken: false);
        Assert.That(ids.Where(id => id is 1 or 2), Is.EqualTo((int[])[1, 2]));
        Assert.That(ids[^1], Is.EqualTo(2));
    }

    [Test]
    public void The_begin_token_comes_first_and_never_twice()
    {
        var tokenizer = ReferenceTokenizers.Get("llama3-like");
        Assert.That(tokenizer.EncodePrompt("Hi", [0..2]), Is.EqualTo(tokenizer.Encode("Hi")));
        Assert.That(tokenizer.EncodePrompt("<|begin_of_text|>Hi", [17..19]).Count(id => id == 0), Is.EqualTo(1));
    }

    [TestCase(2, 1)]
    [TestCase(0, 9)]
    [TestCase(0, 2, 1, 3)]
    public void Parts_out_of_order_or_out_of_the_text_are_refused(params int[] ends)
    {
        Range[] ranges = [.. ends.Chunk(2).Select(pair => pair[0]..pair[1])];
        Assert.That(() => ReferenceTokenizers.Get("smollm2").EncodePrompt("abcd", ranges), Throws.ArgumentException.With.Message.Contains("Range "));
        Assert.That(() => ((ITextTokenizer)new Recorder()).EncodePrompt("abcd", ranges), Throws.ArgumentException.With.Message.Contains("Range "));
    }

    [Test]
    public void A_tokenizer_of_another_kind_is_asked_piece_by_piece()
    {
        var tokenizer = new Recorder();
        Assert.That(((ITextTokenizer)tokenizer).EncodePrompt("<a>b<c>", [3..4]), Has.Count.EqualTo(3));
        Assert.That(tokenizer.Calls, Is.EqualTo((string[])["<a> True True", "b False False", "<c> True False"]));
    }

    [Test]
    public void A_tokenizer_of_another_kind_is_asked_for_the_begin_token_once()
    {
        var tokenizer = new Recorder();
        ((ITextTokenizer)tokenizer).EncodePrompt("b", [0..1]);
        Assert.That(tokenizer.Calls, Is.EqualTo((string[])["b False True"]));
    }

    // Text and special tokens in parts of both kinds. No part ends within what could be one half of a token.
    private static Gen<(string Text, bool IsPlain)[]> Pieces(string name)
    {
        var tokenizer = ReferenceTokenizers.Get(name);
        string[] special = [.. tokenizer.AddedTokens.Where(token => token.Special).Take(4).Select(token => token.Content)];
        Gen<string> text = Gen.OneOf(RandomTexts.AnyOf(special), RandomTexts.AnyOf(["a", " b", "\n", "<", "|", "é", "user\n"])).Array[0, 5].Select(string.Concat);
        return Gen.Select(text, Gen.Bool).Array[0, 5].Where(pieces => !ReferenceTokenizers.Get(name).AddedTokens.Any(token => CrossesABorder(pieces, token.Content)));
    }

    private static bool CrossesABorder((string Text, bool IsPlain)[] pieces, string token)
    {
        string joined = Joined(pieces);
        var borders = new HashSet<int>();
        int end = 0;
        foreach ((string text, _) in pieces)
            borders.Add(end += text.Length);
        for (int at = joined.IndexOf(token, StringComparison.Ordinal); at >= 0; at = joined.IndexOf(token, at + 1, StringComparison.Ordinal))
        {
            if (borders.Any(border => border > at && border < at + token.Length))
                return true;
        }

        return false;
    }

    private static string Joined(IEnumerable<(string Text, bool IsPlain)> pieces) => string.Concat(pieces.Select(piece => piece.Text));

    private static IReadOnlyList<int> Prompt(string name, IEnumerable<(string Text, bool IsPlain)> pieces, bool addBeginToken = true)
    {
        var ranges = new List<Range>();
        int at = 0;
        foreach ((string text, bool isPlain) in pieces)
        {
            if (isPlain)
                ranges.Add(at..(at + text.Length));
            at += text.Length;
        }

        return ReferenceTokenizers.Get(name).EncodePrompt(Joined(pieces), ranges, addBeginToken);
    }

    private static IEnumerable<int> SpecialIds(string name, IEnumerable<int> ids)
    {
        var special = ReferenceTokenizers.Get(name).AddedTokens.Where(token => token.Special && token.Content != "<unk>").Select(token => token.Id).ToHashSet();
        return ids.Where(special.Contains);
    }

    private sealed class Recorder : ITextTokenizer
    {
        public List<string> Calls { get; } = [];

        public IReadOnlyList<int> Encode(string text, bool parseSpecialTokens = true, bool addBeginToken = true)
        {
            Calls.Add($"{text} {parseSpecialTokens} {addBeginToken}");
            return [text.Length];
        }

        public string Decode(IEnumerable<int> ids, bool skipSpecialTokens = true) => throw new NotSupportedException();

        public ITokenDecoder CreateDecoder(ReadOnlySpan<int> prompt, bool skipSpecialTokens = true) => throw new NotSupportedException();
    }
}
