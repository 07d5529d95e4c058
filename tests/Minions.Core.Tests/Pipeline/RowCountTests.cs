using Minions.Core.Generation;
using Minions.Core.Pipeline;
using Minions.Core.SpeculationLength;
using Minions.Core.Tests.Tabular;

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
        engine.Run([1, 2, 3], new GenerationOptions { MaxNewTokens = 100 });

        Assert.That(controller.Rounds, Is.Not.Empty);
        Assert.That(controller.Rounds.Select(round => round.Rows), Is.EqualTo(controller.Rounds.Select(round => Math.Max(2, round.ChainLength + 1))));
    }

    private sealed class RecordingController(int length) : ISpeculationLengthController, ISpeculationLengthPlanner
    {
        public List<RoundObservation> Rounds { get; } = [];

        public ISpeculationLengthPlanner OpenRequest(SpeculationLimits limits) => this;

        public SpeculationPlan Plan(in RoundOutlook outlook) => new(length);

        public void Observe(in RoundObservation round) => Rounds.Add(round);
    }
}
