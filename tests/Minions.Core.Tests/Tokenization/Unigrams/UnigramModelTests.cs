using System.Text;
using System.Text.Json.Nodes;
using CsCheck;
using Minions.Core.Tokenization;

namespace Minions.Core.Tests.Tokenization.Unigrams;

public class UnigramModelTests
{
    private static readonly (string Token, double Score)[] Vocabulary =
    [
        ("<unk>", 0), ("a", -2), ("b", -2.5), ("ab", -4.25), ("ba", -3), ("aba", -4), ("bb", -6), ("\u4E2D", -5), ("a\u4E2D", -6.5), ("c\u00E9", -7),
    ];

    private static readonly Gen<string> Words = RandomTexts.AnyOf(["a", "b", "\u4E2D", "c", "\u00E9", "\U0001F600"]).Array[0, 9].Select(string.Concat);

    [Test]
    public void Of_all_ways_to_write_a_word_the_best_is_taken()
    {
        using ModelFolder folder = Folder(byteFallback: false);
        HuggingFaceTokenizer tokenizer = HuggingFaceTokenizer.Load(folder.Path);
        Words.Sample(word => ScoreOf(tokenizer.Encode(word), word) >= BestScore(word) - 1e-9, iter: 2000);
    }

    [Test]
    public void Neighbouring_unknown_characters_are_one_unknown_token()
    {
        using ModelFolder folder = Folder(byteFallback: false);
        Assert.That(HuggingFaceTokenizer.Load(folder.Path).Encode("xya\U0001F600b"), Is.EqualTo((int[])[0, 1, 0, 2]));
    }

    [Test]
    public void Unknown_characters_are_bytes_where_there_are_tokens_for_them()
    {
        using ModelFolder folder = Folder(byteFallback: true);
        Assert.That(HuggingFaceTokenizer.Load(folder.Path).Encode("xa"), Is.EqualTo((int[])[Vocabulary.Length + 'x', 1]));
    }

    [Test]
    public void A_character_that_nothing_covers_is_an_argument_error()
    {
        using ModelFolder folder = Folder(byteFallback: false, unknown: false);
        Assert.That(() => HuggingFaceTokenizer.Load(folder.Path).Encode("ax"), Throws.ArgumentException.With.Message.Contains("'x'"));
    }

    private static double BestScore(string word)
    {
        Rune[] runes = [.. word.EnumerateRunes()];
        double[] best = [0, .. Enumerable.Repeat(double.NegativeInfinity, runes.Length)];
        for (int end = 1; end <= runes.Length; end++)
        {
            for (int start = 0; start < end; start++)
            {
                string part = string.Concat(runes[start..end]);
                double score = Array.Find(Vocabulary, entry => entry.Token == part) is { Token: not null } known ? known.Score : end - start == 1 ? -17 : double.NegativeInfinity;
                best[end] = Math.Max(best[end], best[start] + score);
            }
        }

        return best[^1];
    }

    private static double ScoreOf(IReadOnlyList<int> ids, string word)
    {
        double known = ids.Where(id => id != 0).Sum(id => Vocabulary[id].Score);
        int covered = ids.Where(id => id != 0).Sum(id => Vocabulary[id].Token.EnumerateRunes().Count());
        return known - (17 * (word.EnumerateRunes().Count() - covered));
    }

    private static ModelFolder Folder(bool byteFallback, bool unknown = true) => ModelFolder.From("gpt2-like", json =>
    {
        var vocabulary = new JsonArray();
        foreach ((string token, double score) in Vocabulary)
            vocabulary.Add(new JsonArray(token, score));
        for (int value = 0; value < 256 && byteFallback; value++)
            vocabulary.Add(new JsonArray($"<0x{value:X2}>", -30));
        json["model"] = new JsonObject { ["type"] = "Unigram", ["unk_id"] = unknown ? 0 : null, ["vocab"] = vocabulary, ["byte_fallback"] = byteFallback };
        json["normalizer"] = null;
        json["pre_tokenizer"] = null;
        json["post_processor"] = null;
        json["added_tokens"] = new JsonArray();
    });
}
