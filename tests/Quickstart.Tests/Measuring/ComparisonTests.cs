using Minions.Core;
using Minions.Core.Generation;
using Quickstart.Measuring;
using Quickstart.Tests.Doubles;

namespace Quickstart.Tests.Measuring;

public sealed class ComparisonTests
{
    [Test]
    public async Task A_perfect_draft_commits_its_length_and_one_more_a_round()
    {
        await using SpeculativePipeline pipeline = AlphabetPipeline.Create(drafts: "draft");

        // The first token comes from the prefill, so four rounds of 1 + 4 make 21.
        PromptOutcome[] outcomes = await AlphabetPipeline.AnswerAsync(pipeline, 21, 4, "one");

        var figures = Figures.Of(outcomes);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(outcomes[0].Speculative.Text, Is.EqualTo("defghijklmnopqrstuvwx"));
            Assert.That(figures.Identical, Is.True);
            Assert.That(figures.TokensPerRound, Is.EqualTo(5));
            Assert.That(figures.Acceptance, Is.EqualTo(1));
            Assert.That(figures.PlainTokensPerSecond, Is.Positive);
            Assert.That(figures.Ratio, Is.EqualTo(figures.SpeculativeTokensPerSecond / figures.PlainTokensPerSecond));
        }
    }

    [TestCase(null)]
    [TestCase(4)]
    public async Task Without_drafts_the_speculative_way_is_plain_decoding(int? length)
    {
        await using SpeculativePipeline pipeline = AlphabetPipeline.Create();

        var figures = Figures.Of(await AlphabetPipeline.AnswerAsync(pipeline, 9, length, "one"));

        Assert.That(figures, Is.EqualTo(figures with { TokensPerRound = 1, Acceptance = 0, Identical = true }));
    }

    [Test]
    public async Task A_target_whose_text_depends_on_the_width_of_its_runs_is_caught()
    {
        await using SpeculativePipeline pipeline = AlphabetPipeline.Create(exact: false, "draft");

        PromptOutcome[] outcomes = await AlphabetPipeline.AnswerAsync(pipeline, 9, 2, "one");

        Assert.That(outcomes[0].Identical, Is.False);
        Assert.That(Figures.Of(outcomes).Identical, Is.False);
    }

    [Test]
    public async Task Totals_weigh_tokens_and_time_of_all_prompts()
    {
        await using SpeculativePipeline pipeline = AlphabetPipeline.Create(drafts: "draft");

        PromptOutcome[] outcomes = await AlphabetPipeline.AnswerAsync(pipeline, 21, 4, "one", "two");

        var total = Figures.Of(outcomes);
        double seconds = outcomes.Sum(outcome => outcome.Plain.Elapsed.TotalSeconds);
        Assert.That(total.PlainTokensPerSecond, Is.EqualTo(42 / seconds).Within(0.01).Percent);
        Assert.That(total.TokensPerRound, Is.EqualTo(5));
    }

    [Test]
    public async Task The_shown_tokens_are_the_speculative_answer()
    {
        await using SpeculativePipeline pipeline = AlphabetPipeline.Create(drafts: "draft");
        var comparison = new Comparison(pipeline, 9, 2);
        await comparison.WarmUpAsync(AlphabetPipeline.Prompt("one"), CancellationToken.None);

        for (int turn = 0; turn < 2; turn++)
        {
            var shown = new List<GeneratedToken>();
            PromptOutcome outcome = await comparison.RunAsync(AlphabetPipeline.Prompt("one"), shown.Add, CancellationToken.None);

            Assert.That(string.Concat(shown.Select(token => token.Text)), Is.EqualTo(outcome.Speculative.Text));
            Assert.That(shown.Select(token => token.IsFromTarget), Has.Some.True.And.Some.False);
        }
    }

    [Test]
    public async Task A_prompt_longer_than_the_context_is_told_with_its_origin()
    {
        await using SpeculativePipeline pipeline = AlphabetPipeline.Create();
        var comparison = new Comparison(pipeline, 9, null);

        Assert.That(
            () => comparison.RunAsync(AlphabetPipeline.Prompt("long", new string('a', 256)), null, CancellationToken.None),
            Throws.TypeOf<BadInputException>().With.Message.StartsWith("--prompt: ").And.Message.Contains("256").And.Message.Not.Contains("Parameter"));
    }
}
