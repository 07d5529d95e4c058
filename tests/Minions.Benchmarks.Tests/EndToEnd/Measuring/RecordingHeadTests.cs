using Minions.Benchmarks.EndToEnd.Costs;
using Minions.Benchmarks.EndToEnd.Measuring;
using Minions.Benchmarks.Micro;
using Minions.Benchmarks.Models;
using Minions.Core;
using Minions.Core.Generation;
using Minions.Core.Pipeline;
using Minions.Core.Speculation;
using Minions.Core.States;

namespace Minions.Benchmarks.Tests.EndToEnd.Measuring;

public sealed class RecordingHeadTests
{
    private const int Length = 3;

    private static readonly PromptTexts Prompts = new([new Prompt("one", "first", "a")], new LetterTokenizer(), InstantText.ContextLength);

    [Test]
    public async Task Every_chain_is_counted_by_the_ids_that_were_new_and_its_length()
    {
        var target = new StatefulTarget();
        var recorder = new RecordingTarget(target, Prompts, packs: false) { Log = new RoundLog(1) };
        using var head = new RecordingHead(new InstantHead(), recorder, Prompts);
        var components = new PipelineComponents { Target = recorder, Drafts = [head], LengthController = new FixedSpeculationLength(Length) };
        await using var pipeline = new SpeculativePipeline(components, new PipelineOptions { WarmUp = false });

        GenerationResult result = await pipeline.GenerateAsync(Prompts.Ids(0), new GenerationOptions { MaxOutputTokens = 1 + 5 * (Length + 1) });

        // All guesses are right: the first chain reads one row, each further one the four ids of the round before.
        var costs = new Dictionary<string, HeadCosts> { [head.Name] = new([1, 10, 100, 1000], 0) };
        Assert.That(result.Statistics.Rounds, Is.EqualTo(5));
        Assert.That(recorder.Log.HeadMilliseconds(0, costs), Is.EqualTo(1 + 4 * 1000));
        Assert.That(target.Asked, Is.Not.Empty.And.All.True);
    }

    [Test]
    public async Task A_pipeline_without_a_head_asks_for_no_states()
    {
        var target = new StatefulTarget();
        var components = new PipelineComponents
        {
            Target = new RecordingTarget(target, Prompts, packs: false), Drafts = [new InstantDraft("draft")], LengthController = new FixedSpeculationLength(Length),
        };
        await using var pipeline = new SpeculativePipeline(components);

        await pipeline.GenerateAsync(Prompts.Ids(0), new GenerationOptions { MaxOutputTokens = 9 });

        Assert.That(target.Asked, Is.Not.Empty.And.All.False);
    }

    /// <summary>A target that could give states, and knows who asked.</summary>
    private sealed class StatefulTarget() : DelegatingTargetVerifier(new InstantTarget())
    {
        public List<bool> Asked { get; } = [];

        public override StateLayout? States { get; } = new([new StatePart("final", 1)]);

        public override ITargetSequence OpenSequence(SequenceOptions options)
        {
            Asked.Add(options.States is not null);
            return base.OpenSequence(options);
        }
    }

    private sealed class InstantHead() : DelegatingDraftModel(new InstantDraft("head"))
    {
        public override bool ReadsStates => true;
    }
}
