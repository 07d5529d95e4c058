using CsCheck;
using Minions.Core.Drafting;
using Minions.Core.Drafting.Ngram;
using Minions.Core.Generation;
using Minions.Core.Pipeline;
using Minions.Core.Speculation;

namespace Minions.Core.Tests.Pipeline;

/// <summary>Texts that a request refers to make it faster where the answer repeats them, and nothing else.</summary>
internal sealed class ReferenceTextsTests
{
    private static readonly int[] Prompt = [1, 2, 3];

    [Test]
    public void The_expected_answer_is_accepted_nearly_whole()
    {
        var target = new TabularTarget(Tables.Scrambled);
        using var ngram = new NgramDraft(new NgramDraftOptions { MinMatchLength = 4 });
        using SteppedEngine engine = Engine(target, ngram);
        IReadOnlyList<int> answer = target.Decode(Prompt, 80);
        GenerationResult without = engine.Run(Prompt, Options([]));
        GenerationResult with = engine.Run(Prompt, Options([new ReferenceText(answer)]));
        GenerationResult after = engine.Run(Prompt, Options([]));

        Assert.That(new[] { without.TokenIds, with.TokenIds, after.TokenIds }, Has.All.EqualTo(answer));
        Assert.That(with.Statistics.AcceptedTokens, Is.GreaterThan(50));
        Assert.That(with.Statistics.AcceptanceRate, Is.GreaterThan(0.95));
        Assert.That(without.Statistics.AcceptedTokens, Is.LessThan(5), "the text does not repeat itself");
        Assert.That(after.Statistics.AcceptedTokens, Is.EqualTo(without.Statistics.AcceptedTokens), "no other request is helped");
    }

    [Test]
    public void No_text_continues_into_the_next_and_all_of_them_count()
    {
        using var ngram = new NgramDraft();
        SequenceOptions options = new() { References = [new[] { 1, 2, 3 }, new[] { 4, 5, 6 }] };

        Assert.That(NextOf(ngram, options, 1, 2), Is.EqualTo(3));
        Assert.That(NextOf(ngram, options, 4, 5), Is.EqualTo(6));
        Assert.That(NextOf(ngram, options, 2, 3), Is.Null);
        Assert.That(NextOf(ngram, options, 3, 4), Is.Null);
    }

    [Test]
    public void The_longest_match_decides_be_it_in_the_text_or_in_a_reference()
    {
        using var ngram = new NgramDraft();
        SequenceOptions options = new() { References = [new[] { 7, 1, 2, 3 }] };

        Assert.That(NextOf(ngram, options, 1, 2, 4, 7, 1, 2), Is.EqualTo(3));
        Assert.That(NextOf(ngram, options, 8, 1, 2, 4, 8, 1, 2), Is.EqualTo(4));
    }

    [Test]
    public void Text_is_the_targets_own_whatever_is_referred_to() => Gen.Select(
        Gen.Int[0, Tables.Vocabulary - 1].Array[1, 8], Gen.Int[0, Tables.Vocabulary - 1].Array[1, 60].Array[0, 3], Gen.Int[1, 50]).Sample(
        (prompt, references, output) =>
        {
            var target = new TabularTarget(Tables.Scrambled);
            using var ngram = new NgramDraft(new NgramDraftOptions { MinMatchLength = 1 });
            using SteppedEngine engine = Engine(target, ngram);
            GenerationOptions options = Options([.. references.Select(ids => new ReferenceText(ids))]) with { MaxOutputTokens = output };

            Assert.That(engine.Run(prompt, options).TokenIds, Is.EqualTo(target.Decode(prompt, output)));
        },
        iter: 200);

    [Test]
    public async Task A_text_is_encoded_by_the_tokenizer_and_the_list_is_copied()
    {
        var target = new TabularTarget(Tables.Scrambled);
        await using var pipeline = new SpeculativePipeline(new PipelineComponents
        {
            Target = target,
            Drafts = [new NgramDraft(new NgramDraftOptions { MinMatchLength = 4 })],
            Tokenizer = new LetterTokenizer(),
            LengthController = new FixedSpeculationLength(4),
        });
        IReadOnlyList<int> answer = target.Decode(Prompt, 80);
        string text = new LetterTokenizer().Decode(answer);
        List<ReferenceText> references = [text];
        GenerationStream stream = pipeline.StreamAsync(Prompt, new GenerationOptions { MaxOutputTokens = 80, ReferenceTexts = references });
        references.Clear();

        Assert.That((await stream.Completion.WaitAsync(TimeSpan.FromMinutes(1))).Statistics.AcceptedTokens, Is.GreaterThan(50));
    }

    [Test]
    public async Task Without_a_draft_that_uses_them_a_line_says_so([Values] bool isUsed, [Values] bool isWrapped)
    {
        var log = new LogLines<SpeculativePipeline>();
        var ngram = new NgramDraft();
        IDraftModel draft = !isUsed ? new TabularDraft("other", Tables.Scrambled) : isWrapped ? new Wrapper(ngram) : ngram;
        await using var pipeline = new SpeculativePipeline(new PipelineComponents { Target = new TabularTarget(Tables.Scrambled), Drafts = [draft] }, logger: log);
        await pipeline.GenerateAsync(Prompt, new GenerationOptions { MaxOutputTokens = 5 });
        int before = Lines();
        await pipeline.GenerateAsync(Prompt, new GenerationOptions { MaxOutputTokens = 5, ReferenceTexts = [new([1, 2])] });

        Assert.That((before, Lines()), Is.EqualTo((0, isUsed ? 0 : 1)));

        int Lines() => log.Written.Count(line => line.Contains("reference texts have no effect", StringComparison.Ordinal));
    }

    [Test]
    public async Task Without_a_tokenizer_they_are_ids()
    {
        await using var pipeline = new SpeculativePipeline(new PipelineComponents { Target = new TabularTarget(Tables.Scrambled) });

        Assert.That(
            async () => await pipeline.GenerateAsync(Prompt, new GenerationOptions { ReferenceTexts = ["abc"] }),
            Throws.InvalidOperationException.With.Message.Contains("takes reference texts as ids"));
    }

    [Test]
    public void An_empty_text_is_refused() => Assert.Multiple(() =>
    {
        Assert.That(() => new ReferenceText(string.Empty), Throws.ArgumentException);
        Assert.That(() => new ReferenceText((string)null!), Throws.ArgumentNullException);
        Assert.That(() => new ReferenceText(Array.Empty<int>()), Throws.ArgumentException.With.Message.Contains("no ids"));
        Assert.That(() => new ReferenceText((int[])null!), Throws.ArgumentNullException);
    });

    [Test]
    public void Ids_are_copied()
    {
        int[] ids = [1, 2];
        var reference = new ReferenceText(ids);
        ids[0] = 9;

        Assert.That(reference.Text, Is.Null);
        Assert.That(reference.Ids.ToArray(), Is.EqualTo(new[] { 1, 2 }));
    }

    private static GenerationOptions Options(IReadOnlyList<ReferenceText> references) => new() { MaxOutputTokens = 80, ReferenceTexts = references };

    private static int? NextOf(NgramDraft draft, SequenceOptions options, params int[] text)
    {
        using IDraftSequence sequence = draft.OpenSequence(options);
        var request = new DraftRequest(sequence);
        request.Prepare(text, 1);
        draft.Propose([request], CancellationToken.None);
        return request.Proposal.Count == 0 ? null : request.Proposal.Tokens[0];
    }

    private static SteppedEngine Engine(TabularTarget target, NgramDraft ngram) => new(new PipelineComponents
    {
        Target = target,
        Drafts = [ngram],
        LengthController = new FixedSpeculationLength(4),
        LeaveOpen = true,
    });

    private sealed class Wrapper(IDraftModel inner) : DelegatingDraftModel(inner);
}
