using Minions.Core.Diagnostics;
using Minions.Core.Generation;
using Minions.Core.Pipeline;
using Minions.Core.Speculation;

namespace Minions.Core.Tests.Pipeline;

/// <summary>Rounds without a chain, whose second row checks a guess.</summary>
public class PaddingRowGuessInPipelineTests
{
    private const int Period = 5;
    private const int MaxNew = 41;

    private static readonly int[] Prompt = [0, 1, 2, 3, 4, 0, 1];

    [Test]
    public void A_text_that_repeats_itself_takes_half_the_rounds()
    {
        SpeculationStatistics all = Run(new GenerationOptions { MaxOutputTokens = MaxNew }).Statistics;
        Assert.Multiple(() =>
        {
            Assert.That(all.Rounds, Is.EqualTo((MaxNew - 1) / 2));
            Assert.That(all.NgramTokens, Is.EqualTo(all.Rounds));
            Assert.That(all.PlainTokens, Is.EqualTo(all.Rounds));
            Assert.That(all.Lengths.RoundsPerLength, Is.EqualTo(new[] { all.Rounds }));
        });
    }

    [Test]
    public void No_draft_gets_credit_for_a_guess()
    {
        SpeculationStatistics all = Run(new GenerationOptions { MaxOutputTokens = MaxNew }).Statistics;
        Assert.Multiple(() =>
        {
            Assert.That((all.DraftTokens, all.AcceptedTokens, all.AcceptedPerPosition.Count), Is.EqualTo((0, 0, 0)));
            Assert.That((all.Drafts[0].Rounds, all.Drafts[0].ProposedTokens, all.Drafts[0].AgreedTokens, all.Drafts[0].SelectedRounds), Is.EqualTo((0, 0, 0, 0)));
            Assert.That(all.Drafts[0].Weight, Is.EqualTo(1));
        });
    }

    private static IEnumerable<TestCaseData> WithoutGuess()
    {
        yield return new TestCaseData(new GenerationOptions { MaxOutputTokens = MaxNew, Speculate = false }).SetArgDisplayNames("speculation off");
        yield return new TestCaseData(new GenerationOptions { MaxOutputTokens = MaxNew, Mode = DecodingMode.Fastest }).SetArgDisplayNames("rows to spare in no run");
        yield return new TestCaseData(new GenerationOptions { MaxOutputTokens = MaxNew, SpeculationLength = 0 }).SetArgDisplayNames("at most no id");
    }

    [TestCaseSource(nameof(WithoutGuess))]
    public void Nothing_is_guessed_where_the_target_is_alone(GenerationOptions options)
    {
        SpeculationStatistics all = Run(options).Statistics;
        Assert.That((all.Rounds, all.NgramTokens), Is.EqualTo((MaxNew - 1, 0)));
    }

    [Test]
    public void Every_way_of_turning_speculation_off_is_the_target_alone([Range(0, 2)] int way)
    {
        int runs = 0;
        int asked = 0;
        var target = new TabularTarget(prefix => prefix.Length % Period) { BeforeVerify = _ => runs++ };
        using var engine = new SteppedEngine(
            new PipelineComponents
            {
                Target = target,
                Drafts = [new TabularDraft("draft", prefix => prefix.Length % Period) { BeforeOpen = () => asked++ }],
                LengthController = new FixedSpeculationLength(3),
                EndTokens = [],
                LeaveOpen = true,
            },
            new PipelineOptions { Speculation = { MaxLength = way == 0 ? 0 : 16, MinLength = 1 } });
        GenerationOptions options = new() { MaxOutputTokens = MaxNew, Speculate = way != 1, SpeculationLength = way == 2 ? 0 : null };

        GenerationResult result = engine.Run(Prompt, options);

        Assert.That(result.TokenIds, Is.EqualTo(target.Decode(Prompt, MaxNew)));
        Assert.That((runs, asked, result.Statistics.NgramTokens, result.Statistics.PlainTokens), Is.EqualTo((MaxNew, 0, 0, MaxNew - 1)));
    }

    // Wherever in the pair the text ends, it is the text of plain decoding.
    [Test]
    public void A_text_may_end_within_the_pair([Range(1, 9)] int maxNew, [Values(-1, 0, 1, 2, 3, 4)] int end)
    {
        var options = new GenerationOptions { MaxOutputTokens = maxNew };
        GenerationResult guessed = Run(options, end);
        GenerationResult plain = Run(options with { Speculate = false }, end);
        Assert.Multiple(() =>
        {
            Assert.That(guessed.TokenIds, Is.EqualTo(plain.TokenIds));
            Assert.That(guessed.FinishReason, Is.EqualTo(plain.FinishReason));
            Assert.That(guessed.Statistics.CommittedTokens, Is.EqualTo(plain.Statistics.CommittedTokens));
            Assert.That(guessed.Statistics.PlainTokens + guessed.Statistics.NgramTokens, Is.EqualTo(guessed.Statistics.CommittedTokens));
        });
    }

    [Test]
    public void A_wrong_guess_costs_no_row_and_no_round()
    {
        List<(int Rows, int Wanted)> runs = [];
        var target = new TabularTarget(Tables.Scrambled) { BeforeVerify = request => runs.Add((request.Ids.Length, request.RowsWanted)) };
        GenerationResult result = Run(target, new GenerationOptions { MaxOutputTokens = MaxNew }, end: -1);
        Assert.Multiple(() =>
        {
            Assert.That(result.TokenIds, Is.EqualTo(target.Decode(Prompt, MaxNew)));
            Assert.That(runs.Skip(1).Select(run => run.Wanted), Is.All.InRange(1, 2));
            Assert.That(result.Statistics.Rounds, Is.EqualTo(MaxNew - 1 - result.Statistics.NgramTokens));
        });
    }

    private static GenerationResult Run(GenerationOptions options, int end = -1) => Run(new TabularTarget(prefix => prefix.Length % Period), options, end);

    private static GenerationResult Run(TabularTarget target, GenerationOptions options, int end)
    {
        using var engine = new SteppedEngine(new PipelineComponents
        {
            Target = target,
            Drafts = [new TabularDraft("draft", Tables.MostlyRight(50, 1))],
            LengthController = new FixedSpeculationLength(0),
            EndTokens = end < 0 ? [] : [end],
            LeaveOpen = true,
        });
        return engine.Run(Prompt, options);
    }
}
