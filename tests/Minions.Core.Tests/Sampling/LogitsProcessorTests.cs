using Minions.Core.Generation;
using Minions.Core.Pipeline;
using Minions.Core.Sampling;
using Minions.Core.Speculation;
using Minions.Core.Tests.Pipeline;

namespace Minions.Core.Tests.Sampling;

/// <summary>Rules of the user's own: what they see, and what happens when they fail.</summary>
public class LogitsProcessorTests
{
    private const int Vocabulary = 12;

    private static readonly Func<ReadOnlySpan<int>, float[]> Table = LogitTables.Random(Vocabulary, 3, 3);

    [Test]
    public void Processors_see_the_prefix_and_what_penalties_and_bias_left_in_their_order()
    {
        var seen = new List<float[]>();
        var options = new SamplingOptions
        {
            RepetitionPenalty = 2,
            PresencePenalty = 0.5,
            FrequencyPenalty = 0.25,
            LogitBias = new Dictionary<int, float> { [0] = 10 },
            LogitsProcessors = [new Rule((context, logits) =>
            {
                Assert.That(context.Prefix.ToArray(), Is.EqualTo(new[] { 1, 2, 3, 3 }));
                Assert.That((context.PromptLength, context.Position), Is.EqualTo((2, 4)));
                Assert.That(context.Output.ToArray(), Is.EqualTo(new[] { 3, 3 }));
                seen.Add(logits.ToArray());
                logits[5] = 100;
            }), new Rule((_, logits) => seen.Add(logits.ToArray()))],
        };
        float[] row = [1, 1, -1, 4, 1, 1];

        Assert.That(TokenSelector.Create(options, 2).Select(4, [1, 2, 3, 3], row), Is.EqualTo(5));
        Assert.That(seen[0], Is.EqualTo(new float[] { 11, 0.5f, -2, 1, 1, 1 }), "prompt ids are halved or doubled; output ids also lose 0.5 once and 0.25 each time");
        Assert.That(seen[1][5], Is.EqualTo(100), "the second sees what the first left");
        Assert.That(row, Is.EqualTo(new float[] { 1, 1, -1, 4, 1, 1 }), "the model's row stays as it is");
    }

    [Test]
    public void Ids_that_a_smaller_row_does_not_have_are_passed_over()
    {
        var options = new SamplingOptions { RepetitionPenalty = 2, FrequencyPenalty = 1, LogitBias = new Dictionary<int, float> { [9] = 5 } };
        Assert.That(TokenSelector.Create(options, 1).Select(3, [9, 1, 9], [3, 8, 2]), Is.EqualTo(0));
    }

    [Test]
    public async Task A_processor_that_throws_fails_its_request_alone()
    {
        using var engine = Engine([new LogitsDraft("draft", Table)]);
        var fault = new FormatException("no such rule");
        var options = new SamplingOptions { LogitsProcessors = [new Rule((context, _) => { if (context.Position == 9) throw fault; })] };
        Task<GenerationResult> broken = engine.Submit([1, 2], new GenerationOptions { MaxOutputTokens = 30, Sampling = options });
        Task<GenerationResult> other = engine.Submit([1, 2], new GenerationOptions { MaxOutputTokens = 30 });
        while (engine.Step())
        {
        }

        Assert.That(
            async () => await broken,
            Throws.TypeOf<LogitsProcessorException>().With.InnerException.SameAs(fault).And.Message.Contains("Rule failed at position 9: no such rule"));
        List<int> expected = new LogitsTarget(Table, Vocabulary).Decode([1, 2], SamplingOptions.Greedy, 30);
        Assert.That((await other).TokenIds, Is.EqualTo(expected));
        Assert.That(engine.Run([1, 2], new GenerationOptions { MaxOutputTokens = 30 }).TokenIds, Is.EqualTo(expected), "and the pipeline lives");
    }

    [Test]
    public void A_processor_that_throws_on_a_drafts_row_leaves_the_draft_out()
    {
        using var engine = Engine([new LogitsDraft("small", prefix => Table(prefix)[..6]), new LogitsDraft("sound", Table)]);
        var options = new SamplingOptions
        {
            Temperature = 1,
            Seed = 4,
            LogitsProcessors = [new Rule((_, logits) => { if (logits.Length != Vocabulary) throw new NotSupportedException(); })],
        };
        GenerationResult result = engine.Run([1, 2], new GenerationOptions { MaxOutputTokens = 30, Sampling = options });

        Assert.That(result.TokenIds, Is.EqualTo(new LogitsTarget(Table, Vocabulary).Decode([1, 2], options, 30)));
        Assert.That(result.Statistics.Drafts[0].Faults, Is.GreaterThan(0));
        Assert.That(result.Statistics.Drafts[1].Faults, Is.Zero);
    }

    [Test]
    public void Rows_without_a_choice_are_refused_with_the_culprit()
    {
        var forbid = new Rule((_, logits) => logits.Fill(float.NegativeInfinity));
        var spoil = new Rule((_, logits) => logits[2] = float.NaN);
        float[] none = [float.NegativeInfinity, float.NegativeInfinity];

        foreach (double temperature in new[] { 0.0, 1.0 })
        {
            Assert.That(() => Select(forbid, [1, 2, 3]), Throws.TypeOf<LogitsProcessorException>().With.Message.Contains("forbid every id at position 1"));
            Assert.That(() => Select(spoil, [1, 2, 3]), Throws.TypeOf<LogitsProcessorException>().With.Message.Contains("logit of id 2 at position 1 is not a number"));
            Assert.That(() => Select(null, none), Throws.ArgumentException.With.Message.Contains("negative infinity: the model's output"));
            Assert.That(() => Select(null, [1, float.NaN]), Throws.ArgumentException.With.Message.Contains("not a number: the model's output"));
            Assert.That(Select(null, [1, float.PositiveInfinity, 2]), Is.EqualTo(1));

            int Select(ILogitsProcessor? processor, float[] row) => TokenSelector
                .Create(new SamplingOptions { Temperature = temperature, LogitsProcessors = processor is null ? [] : [processor] }, 0)
                .Select(1, [0], row);
        }
    }

    [Test]
    public void A_processor_may_choose_from_rows_by_itself()
    {
        TokenSelector inner = TokenSelector.Create(new SamplingOptions { LogitBias = new Dictionary<int, float> { [1] = 50 } }, 0);
        var options = new SamplingOptions { LogitsProcessors = [new Rule((context, logits) => logits[inner.Select(context.Position, context.Prefix, [0, 0, 0])] += 5)] };

        Assert.That(TokenSelector.Create(options, 0).Select(1, [0], [3, 0, 1]), Is.EqualTo(1));
    }

    [Test]
    public void Choosing_allocates_nothing()
    {
        float[] row = Table([1, 2]);
        int[] prefix = [1, 2, 3, 4];
        TokenSelector selector = TokenSelector.Create(
            new SamplingOptions { Temperature = 0.8, TopK = 8, TopP = 0.9, MinP = 0.01, RepetitionPenalty = 1.1, FrequencyPenalty = 0.1, LogitsProcessors = [new Rule((_, _) => { })], Seed = 1 }, 1);
        selector.Select(4, prefix, row, out _);

        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 100; i++)
            selector.Select(4, prefix, row, out _);
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);
    }

    private static SteppedEngine Engine(IReadOnlyList<IDraftModel> drafts) => new(new PipelineComponents
    {
        Target = new LogitsTarget(Table, Vocabulary),
        Drafts = drafts,
        LengthController = new FixedSpeculationLength(4),
        LeaveOpen = true,
    });

    private delegate void Process(LogitsContext context, Span<float> logits);

    private sealed class Rule(Process process) : ILogitsProcessor
    {
        public void Process(in LogitsContext context, Span<float> logits) => process(context, logits);
    }
}
