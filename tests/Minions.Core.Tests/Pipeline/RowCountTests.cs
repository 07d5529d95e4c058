using Minions.Core.Generation;
using Minions.Core.Pipeline;
using Minions.Core.Speculation;

namespace Minions.Core.Tests.Pipeline;

/// <summary>A controller learns what rows cost, so a round must count those that the target ran: no fewer, and none that it held already.</summary>
public sealed class RowCountTests
{
    [Test]
    public void A_round_counts_the_rows_of_its_chain_and_never_fewer_than_two([Range(0, 5)] int length)
    {
        var controller = new RecordingController(length);
        using var engine = new SteppedEngine(new PipelineComponents
        {
            Target = new TabularTarget(Tables.Scrambled),
            Drafts = [new TabularDraft("half", Tables.MostlyRight(60, 3))],
            LengthController = controller,
        });
        engine.Run([1, 2, 3], new GenerationOptions { MaxOutputTokens = 100 });

        Assert.That(controller.Rounds, Is.Not.Empty);
        Assert.That(controller.Rounds.Select(round => round.Rows), Is.EqualTo(controller.Rounds.Select(round => Math.Max(2, round.ChainLength + 1))));
    }

    [TestCase(DecodingMode.BitIdentical, 2)]
    [TestCase(DecodingMode.Fastest, 1)]
    public void A_request_alone_is_told_of_no_other_rows_and_of_its_own_fewest(DecodingMode mode, int leastRows)
    {
        var controller = new RecordingController(0);
        using var engine = new SteppedEngine(new PipelineComponents
        {
            Target = new TabularTarget(Tables.Scrambled),
            Drafts = [new TabularDraft("half", Tables.MostlyRight(60, 3))],
            LengthController = controller,
        });
        engine.Run([.. Enumerable.Range(0, 90).Select(i => i % Tables.Vocabulary)], new GenerationOptions { MaxOutputTokens = 20, Mode = mode });

        Assert.That(controller.Rounds.Sum(round => round.Committed), Is.EqualTo(19));
        Assert.That(controller.Outlooks, Has.Count.EqualTo(controller.Rounds.Count));
        Assert.That(controller.Outlooks.Select(outlook => (outlook.OtherRows, outlook.OtherRequests, outlook.MinRows)), Is.All.EqualTo((0, 0, leastRows)));
        Assert.That(controller.Rounds.Select(round => round.Rows), Is.All.EqualTo(leastRows));
    }

    private sealed class RecordingController(int length) : ISpeculationLengthController, ISpeculationLengthPlanner
    {
        public List<(int Rows, int ChainLength, int Committed)> Rounds { get; } = [];

        public ISpeculationLengthPlanner OpenRequest(SpeculationLimits limits) => this;

        public List<RoundOutlook> Outlooks { get; } = [];

        public SpeculationPlan Plan(in RoundOutlook outlook)
        {
            Outlooks.Add(outlook);
            return new SpeculationPlan(length);
        }

        public void Observe(SpeculationRound round) => Rounds.Add((round.Rows, round.ChainLength, round.Committed));
    }
}
