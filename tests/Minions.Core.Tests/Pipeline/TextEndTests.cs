using Minions.Core.Generation;
using Minions.Core.Pipeline;
using Minions.Core.Speculation;
using Minions.Core.Tokenization;

namespace Minions.Core.Tests.Pipeline;

/// <summary>A text may end anywhere inside an accepted chain; nothing behind its end may leak.</summary>
public class TextEndTests
{
    // Prompt "a", then b, c, d, ... over and over.
    private static int Alphabet(ReadOnlySpan<int> prefix) => (prefix[^1] + 1) % Tables.Vocabulary;

    [Test]
    public async Task An_end_token_inside_an_accepted_chain_ends_the_text([Range(0, 8)] int length)
    {
        await using SpeculativePipeline pipeline = Open(length, endToken: 5);
        GenerationResult result = await pipeline.GenerateAsync("a", new GenerationOptions { MaxOutputTokens = 40 });

        Assert.That(result.TokenIds, Is.EqualTo(new[] { 1, 2, 3, 4, 5 }));
        Assert.That(result.Text, Is.EqualTo("bcde"), "the end token is no text");
        Assert.That(result.FinishReason, Is.EqualTo(FinishReason.EndToken));
        Assert.That(result.Usage, Is.EqualTo(new TokenUsage { PromptTokens = 1, CompletionTokens = 5 }), "but it counts");
        Assert.That(result.Statistics.CommittedTokens, Is.EqualTo(4));
        Assert.That(result.Statistics.AcceptedTokens, Is.LessThanOrEqualTo(4));
    }

    [Test]
    public async Task An_ignored_end_token_is_text_like_any_other()
    {
        await using SpeculativePipeline pipeline = Open(3, endToken: 2);
        GenerationResult result = await pipeline.GenerateAsync("a", new GenerationOptions { MaxOutputTokens = 4, IgnoreEndToken = true });

        Assert.That(result.Text, Is.EqualTo("bcde"));
        Assert.That(result.FinishReason, Is.EqualTo(FinishReason.Length));
    }

    [Test]
    public async Task A_stop_sequence_across_tokens_ends_the_ids_where_it_begins([Range(0, 8)] int length)
    {
        await using SpeculativePipeline pipeline = Open(length);
        GenerationResult result = await pipeline.GenerateAsync("a", new GenerationOptions { MaxOutputTokens = 40, StopSequences = ["xyz", "efg"] });

        Assert.That(result.Text, Is.EqualTo("bcd"));
        Assert.That(result.TokenIds, Is.EqualTo(new[] { 1, 2, 3, 4 }), "they end with the id in which the stop sequence begins");
        Assert.That(result.FinishReason, Is.EqualTo(FinishReason.StopSequence));
    }

    [Test]
    public async Task What_was_held_back_for_a_stop_sequence_comes_at_the_end([Range(0, 4)] int length)
    {
        await using SpeculativePipeline pipeline = Open(length);
        GenerationResult result = await pipeline.GenerateAsync("a", new GenerationOptions { MaxOutputTokens = 4, StopSequences = ["defgh"] });

        Assert.That(result.Text, Is.EqualTo("bcde"));
    }

    [Test]
    public async Task A_stop_sequence_that_is_a_special_token_ends_the_text_before_it([Range(0, 8)] int length, [Values] bool isEndToken, [Values] bool ignoresEnd)
    {
        await using SpeculativePipeline pipeline = Open(length, endToken: isEndToken ? 5 : -1, new SpecialLetter(5));
        var options = new GenerationOptions { MaxOutputTokens = 40, StopSequences = ["de<f>", "defg", "<f>"], IgnoreEndToken = ignoresEnd };
        GenerationResult result = await pipeline.GenerateAsync("a", options);

        Assert.That(result.Text, Is.EqualTo("bcde"));
        Assert.That(result.TokenIds, Is.EqualTo(new[] { 1, 2, 3, 4, 5 }));
        Assert.That(result.FinishReason, Is.EqualTo(isEndToken && !ignoresEnd ? FinishReason.EndToken : FinishReason.StopSequence));
        Assert.That(result.Statistics.CommittedTokens, Is.EqualTo(4));
    }

    [TestCase(true, "bcdefh")]
    [TestCase(false, "bcdef<g>h")]
    public async Task Special_tokens_are_part_of_the_text_where_they_are_asked_for(bool skips, string expected)
    {
        await using SpeculativePipeline pipeline = Open(3, endToken: 8, new SpecialLetter(6));
        GenerationResult result = await pipeline.GenerateAsync("a", new GenerationOptions { MaxOutputTokens = 40, SkipSpecialTokens = skips });

        Assert.That(result.Text, Is.EqualTo(expected), "the end token is not part of it");
    }

    [Test]
    public async Task A_stream_gives_the_same_as_the_result([Range(0, 4)] int length, [Values] bool stops)
    {
        await using SpeculativePipeline pipeline = Open(length);
        var options = new GenerationOptions { MaxOutputTokens = 12, StopSequences = stops ? ["hij"] : [] };
        GenerationStream stream = pipeline.StreamAsync("a", options);
        List<GeneratedToken> tokens = await stream.ToListAsync();
        GenerationResult result = await stream.Completion;

        Assert.That(string.Concat(tokens.Select(token => token.Text)), Is.EqualTo(result.Text));
        Assert.That(tokens.Select(token => token.Id), Is.EqualTo(result.TokenIds));
        Assert.That(tokens.Select(token => token.Index), Is.EqualTo(Enumerable.Range(0, tokens.Count)));
        Assert.That(result.TokenIds, Is.EqualTo((await pipeline.GenerateAsync("a", options)).TokenIds));
    }

    [Test]
    public async Task A_token_tells_who_proposed_it()
    {
        await using SpeculativePipeline pipeline = Open(3);
        List<GeneratedToken> tokens = await pipeline.StreamAsync("a", new GenerationOptions { MaxOutputTokens = 6 }).ToListAsync();

        Assert.That(tokens[0].IsFromTarget, Is.True, "the prefill's own");
        Assert.That(tokens[1].ProposedBy, Is.EqualTo(new[] { "good" }));
        Assert.That(tokens[3].ProposedBy, Is.EqualTo(new[] { "good" }));
        Assert.That(tokens[4].IsFromTarget, Is.True, "the bonus");
    }

    private static SpeculativePipeline Open(int length, int endToken = -1, ITextTokenizer? tokenizer = null) => new(new PipelineComponents
    {
        Target = new TabularTarget(Alphabet),
        Drafts = [new TabularDraft("good", Alphabet)],
        Tokenizer = tokenizer ?? new LetterTokenizer(),
        EndTokens = [endToken],
        LengthController = new FixedSpeculationLength(length),
    });

    /// <summary>One of the letters is a special token, written in brackets and no part of texts.</summary>
    private sealed class SpecialLetter(int special) : ITextTokenizer
    {
        private readonly LetterTokenizer _letters = new();
        private readonly string _written = $"<{(char)('a' + special)}>";

        public IReadOnlyList<int> Encode(string text, bool parseSpecialTokens = true, bool addBeginToken = true)
        {
            string[] parts = parseSpecialTokens ? text.Split(_written) : [text];
            return [.. parts.SelectMany((part, i) => (i == 0 ? [] : new[] { special }).Concat(_letters.Encode(part)))];
        }

        public string Decode(IEnumerable<int> ids, bool skipSpecialTokens = true) =>
            string.Concat(ids.Select(id => id != special ? _letters.Decode([id]) : skipSpecialTokens ? string.Empty : _written));

        public ITokenDecoder CreateDecoder(ReadOnlySpan<int> prompt, bool skipSpecialTokens = true) => new Decoder(this, skipSpecialTokens);

        private sealed class Decoder(SpecialLetter tokenizer, bool skipSpecialTokens) : ITokenDecoder
        {
            public string Append(int id) => tokenizer.Decode([id], skipSpecialTokens);

            public string Complete() => string.Empty;
        }
    }
}
