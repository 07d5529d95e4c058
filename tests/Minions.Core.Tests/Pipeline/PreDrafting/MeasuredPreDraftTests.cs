using Microsoft.Extensions.Time.Testing;
using Minions.Core.Generation;
using Minions.Core.Pipeline;
using Minions.Core.Speculation;

namespace Minions.Core.Tests.Pipeline.PreDrafting;

/// <summary>Whether drafts pre-drafting where nobody said so, on a clock that only the models move.</summary>
public class MeasuredPreDraftTests
{
    private static readonly int[] Prompt = [1, 2, 3];

    private readonly FakeTimeProvider _time = new();
    private bool _isStepAhead;

    [TestCase(4, 0, true)]
    [TestCase(4, 3, false)]
    [TestCase(2, 0, false)]
    public void It_is_done_where_it_saves_time(int processors, int millisecondsOfStep, bool pays)
    {
        var draft = new TabularDraft("good", Tables.MostlyRight(90, 1)) { SupportsPreDrafting = true, BeforePropose = request => Take(_isStepAhead ? millisecondsOfStep : request.Length) };
        using var engine = new SteppedEngine(
            new PipelineComponents
            {
                Target = new TabularTarget(Tables.Scrambled) { BeforeVerify = _ => Take(10) },
                Drafts = [draft],
                LengthController = new FixedSpeculationLength(4),
                LeaveOpen = true,
            },
            new PipelineOptions { Speculation = { DraftSelection = DraftSelection.All }, Processors = processors },
            _time);
        Run(engine, 800);
        GenerationResult result = Run(engine, 900);

        int worked = result.Statistics.PreDraftedRounds + result.Statistics.WastedPreDraftRounds;
        double share = (double)worked / result.Statistics.Rounds;
        Assert.That(share, pays ? Is.GreaterThan(0.8) : processors > 2 ? Is.LessThan(0.2) : Is.Zero);
        if (pays)
            Assert.That(result.Statistics.PreDraftedRounds, Is.GreaterThan(result.Statistics.WastedPreDraftRounds));
    }

    // A step takes its time beside the target's run, or at its cost; on one thread the test says which.
    private GenerationResult Run(SteppedEngine engine, int tokens)
    {
        Task<GenerationResult> run = engine.Submit(Prompt, new GenerationOptions { MaxOutputTokens = tokens });
        bool worked;
        do
        {
            _isStepAhead = true;
            for (int i = 0; i < 5; i++)
                engine.Step(0);
            _isStepAhead = false;
            worked = engine.Step(1) || engine.Step(0);
        }
        while (worked);
        return run.WaitAsync(TimeSpan.FromSeconds(30)).GetAwaiter().GetResult();
    }

    private void Take(int milliseconds) => _time.Advance(TimeSpan.FromMilliseconds(milliseconds));
}
