using System.Text;
using CsCheck;
using Minions.Core.Tokenization;

namespace Minions.Core.Tests.Tokenization;

/// <summary>Laws over texts of all planes; what no vocabulary was trained on included.</summary>
public class RoundTripTests
{
    [TestCaseSource(typeof(ReferenceTokenizers), nameof(ReferenceTokenizers.Lossless))]
    public void Decoding_what_was_encoded_gives_the_text(string name)
    {
        var tokenizer = ReferenceTokenizers.Get(name);

        // SentencePiece's mark is a space once decoded, in whatever form it was written.
        RandomTexts.Wellformed.Sample(
            text => Decoded(tokenizer, text) == (name == "gemma-like" ? text.Replace('\u2581', ' ') : text),
            iter: 2000);
    }

    [Test]
    public void A_normalizing_tokenizer_gives_the_text_in_normal_form()
    {
        var tokenizer = ReferenceTokenizers.Get("qwen2-like");
        RandomTexts.Wellformed.Sample(
            text => Decoded(tokenizer, text) == Core.Tokenization.Normalization.UnicodeNormalization.Normalize(text, NormalizationForm.FormC),
            iter: 2000);
    }

    [Test]
    public void A_begin_of_word_mark_is_gone_from_the_text()
    {
        var tokenizer = ReferenceTokenizers.Get("llama2-like");
        RandomTexts.Wellformed.Sample(text => Decoded(tokenizer, text) == text.Replace('\u2581', ' '), iter: 2000);
    }

    [TestCaseSource(typeof(ReferenceTokenizers), nameof(ReferenceTokenizers.Names))]
    public void A_lone_surrogate_is_encoded_as_the_replacement_character(string name)
    {
        var tokenizer = ReferenceTokenizers.Get(name);
        RandomTexts.Broken.Sample(
            text => tokenizer.Encode(text).SequenceEqual(tokenizer.Encode(Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text)))),
            iter: 500);
    }

    [TestCaseSource(typeof(ReferenceTokenizers), nameof(ReferenceTokenizers.Names))]
    public void A_stream_gives_what_a_whole_decoding_gives_from_every_split(string name)
    {
        var tokenizer = ReferenceTokenizers.Get(name);
        RandomTexts.Wellformed.Sample(text =>
        {
            var ids = tokenizer.Encode(text, parseSpecialTokens: false);
            var whole = tokenizer.Decode(ids);
            for (var split = 0; split <= ids.Count; split++)
            {
                var prompt = ids.Take(split).ToArray();
                var pieces = Stream(tokenizer, prompt, ids.Skip(split));
                var held = HeldBack(tokenizer, prompt);
                if (tokenizer.Decode(prompt)[..^held] + string.Concat(pieces) != whole) return false;
                if (pieces.Any(HoldsHalfACharacter)) return false;
                if (!whole.Contains('\uFFFD') && pieces.Any(piece => piece.Contains('\uFFFD'))) return false;
            }

            return true;
        }, iter: 200);
    }

    [TestCaseSource(typeof(ReferenceTokenizers), nameof(ReferenceTokenizers.Names))]
    public void A_stream_of_any_ids_gives_what_a_whole_decoding_gives(string name)
    {
        var tokenizer = ReferenceTokenizers.Get(name);
        Gen.Int[-1, tokenizer.VocabularySize + 5].Array[0, 60].Sample(
            ids => string.Concat(Stream(tokenizer, [], ids)) == tokenizer.Decode(ids),
            iter: 500);
    }

    private static string Decoded(HuggingFaceTokenizer tokenizer, string text) =>
        tokenizer.Decode(tokenizer.Encode(text, parseSpecialTokens: false));

    private static List<string> Stream(HuggingFaceTokenizer tokenizer, int[] prompt, IEnumerable<int> ids)
    {
        var decoder = tokenizer.CreateDecoder(prompt);
        List<string> pieces = [.. ids.Select(decoder.Append)];
        pieces.Add(decoder.Complete());
        return pieces;
    }

    /// <summary>The number of replacement characters at the end of a prompt that stand for bytes which the next ids may finish.</summary>
    private static int HeldBack(HuggingFaceTokenizer tokenizer, int[] prompt)
    {
        return tokenizer.CreateDecoder(prompt).Complete().Length;
    }

    private static bool HoldsHalfACharacter(string piece) => piece.Length > 0 && (char.IsLowSurrogate(piece[0]) || char.IsHighSurrogate(piece[^1]));
}
