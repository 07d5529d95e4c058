using System.Text.Json;
using Minions.Extensions.AI.ToolCalls;

namespace Minions.Extensions.AI.Tests.ToolCalls;

public class LenientJsonTests
{
    [TestCase("\"\\ud83d\"", "\ufffd")]
    [TestCase("\"\\ude00\\ud83d\"", "\ufffd\ufffd")]
    [TestCase("\"\\ud83d\\ude00\"", "😀")]
    [TestCase("\"\\uD83D\\uD83D\\uDE00x\"", "\ufffd😀x")]
    [TestCase("\"\\\\ud83d\"", "\\ud83d")]
    [TestCase("\"\\ud83d\n\\t\"", "\ufffd\n\t")]
    [TestCase("\"a\\\nb\"", "a\nb")]
    public void Half_of_a_surrogate_pair_is_the_replacement_character(string json, string text) => Assert.That(LenientJson.Parse(json).GetString(), Is.EqualTo(text));

    [Test]
    public void A_half_and_the_escape_of_the_other_are_no_pair() => Assert.That(LenientJson.Parse("\"\ud83d\\ude00\"").GetString(), Is.EqualTo("\ufffd\ufffd"));

    [TestCase("\"\\ud8")]
    [TestCase("\"\\ud83x\"")]
    [TestCase("\"\\u\"")]
    public void What_is_no_escape_stays_wrong(string json) => Assert.That(() => LenientJson.Parse(json), Throws.InstanceOf<JsonException>());

    [TestCase("{\"a\":1,\"b\":2,\"a\":3}", "{\"a\":3,\"b\":2}")]
    [TestCase("[{\"a\":{\"x\":1,\"x\":1.50}}]", "[{\"a\":{\"x\":1.50}}]")]
    [TestCase("{\"a\":1,\"\\u0061\":\"é\"}", "{\"a\":\"é\"}")]
    [TestCase("{\"\\ud83d\":1,\"\\ude00\":2}", "{\"\ufffd\":2}")]
    [TestCase("{ \"a\" : 1 }", "{ \"a\" : 1 }")]
    public void Of_members_of_one_name_the_last_counts(string json, string mended) => Assert.That(LenientJson.Parse(json).GetRawText(), Is.EqualTo(mended));

    [Test]
    public void Text_that_is_right_is_the_same_text()
    {
        const string Right = "{\"a\": \"\\\"\\ud83d\\ude00\", \"b\": [\"\\\\\"]}";
        Assert.That(LenientJson.Repair(Right), Is.SameAs(Right));
    }
}
