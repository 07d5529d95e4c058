using Microsoft.Extensions.Logging.Abstractions;
using Minions.Core.Generation;
using Minions.Core.Tokenization;

namespace Minions.Core.Tests.Generation;

public class StopSequenceReaderTests
{
    private static readonly HuggingFaceTokenizer Tokenizer = HuggingFaceTokenizer.Load(Path.Combine(RepositoryFiles.SmolLm2, "target"));

    [Test]
    public void A_special_token_stops_by_its_id_and_other_texts_by_what_they_say()
    {
        StopSequenceSet set = new StopSequenceReader(Tokenizer, NullLogger.Instance).Read(["<|im_end|>", "end", " the", "\n\n", "<|im_"]);

        Assert.That(set.Tokens, Is.EqualTo(Tokenizer.Encode("<|im_end|>")));
        Assert.That(set.Texts, Is.EqualTo(new[] { "end", " the", "\n\n", "<|im_" }));
    }

    [TestCase("<|im_end|>\n", "<|im_end|>")]
    [TestCase("user<|im_start|>", "<|im_start|>")]
    [TestCase("half", "surrogate")]
    public void A_sequence_that_no_text_can_hold_is_told_once(string sequence, string reason)
    {
        // An attribute cannot hold half a surrogate pair.
        sequence = sequence == "half" ? new string('\uD83D', 1) : sequence;
        var log = new LogLines<StopSequenceReader>();
        var reader = new StopSequenceReader(Tokenizer, log);
        for (int i = 0; i < 3; i++)
            Assert.That(reader.Read([sequence, "\uD83D\uDE00"]).Texts, Is.EqualTo(new[] { sequence, "\uD83D\uDE00" }));

        Assert.That(log.Written, Has.Count.EqualTo(2), "the second at level Trace, with the sequence");
        Assert.That(log.Written[0], Does.Contain(reason).And.StartsWith("Stop sequence 0 of a request").And.Not.Contain(sequence));
        Assert.That(log.Written[1], Does.Contain(sequence));
    }

    [Test]
    public void Without_a_tokenizer_nothing_is_a_token() =>
        Assert.That(new StopSequenceReader(null, NullLogger.Instance).Read(["<|im_end|>"]).Texts, Is.EqualTo(new[] { "<|im_end|>" }));

    [Test]
    public void A_sequence_that_the_tokenizer_cannot_encode_ends_no_request()
    {
        var log = new LogLines<StopSequenceReader>();
        var reader = new StopSequenceReader(new Refusing(), log);

        Assert.That(reader.Read(["x"]).Texts, Is.EqualTo(new[] { "x" }));
        Assert.That(log.Written, Has.One.Contains("cannot encode it (ArgumentException)"));
    }

    private sealed class Refusing : ITextTokenizer
    {
        public IReadOnlyList<int> Encode(string text, bool parseSpecialTokens = true, bool addBeginToken = true) => throw new ArgumentException($"no id for '{text}'");

        public string Decode(IEnumerable<int> ids, bool skipSpecialTokens = true) => "";

        public ITokenDecoder CreateDecoder(ReadOnlySpan<int> prompt, bool skipSpecialTokens = true) => throw new NotSupportedException();
    }
}
