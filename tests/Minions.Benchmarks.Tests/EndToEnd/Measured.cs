using Minions.Benchmarks.EndToEnd.Arms;
using Minions.Benchmarks.EndToEnd.Costs;
using Minions.Benchmarks.EndToEnd.Measuring;
using Minions.Benchmarks.Micro;
using Minions.Benchmarks.Models;
using Minions.Core;
using Minions.Core.Generation;
using Minions.Core.Pipeline;

namespace Minions.Benchmarks.Tests.EndToEnd;

/// <summary>Measurements with given speeds.</summary>
internal static class Measured
{
    private static readonly PromptTexts Prompts = new([new Prompt("one", "first", "a"), new Prompt("two", "second", "b")], new LetterTokenizer(), InstantText.ContextLength);

    private static readonly Answer Answer = Answer.Of(Generate());

    /// <summary>Makes them.</summary>
    /// <param name="arms">Names and the tokens a second of each repetition. The domains are equally fast.</param>
    public static Measurements Arms(params (string Name, double[] Speeds)[] arms)
    {
        IReadOnlyList<Arm> parsed = ArmCatalogue.Parse(string.Join(',', arms.Select(arm => arm.Name)), new LoadedVoters([], ["draft-a"], Ngram: false));
        var costs = new RunCosts(new Dictionary<RunShape, double> { [new(1, 1)] = 10, [new(2, 1)] = 11 });
        return new Measurements(Prompts, [.. parsed.Zip(arms, (arm, given) => Record(arm, given.Speeds, parsed.Any(other => other.RunsGenAI)))], costs, TargetStep: null);
    }

    private static ArmRecord Record(Arm arm, double[] speeds, bool runsGenAI)
    {
        var record = new ArmRecord(arm, Prompts.Domains.Count) { ColdTokensPerSecond = speeds[0] };
        var verdict = new TextVerdict { Identical = arm.PromisesIdenticalText ? true : null, LikeGenAI = runsGenAI ? arm.RunsGenAI : null, LikeOwn = arm.RunsGenAI ? false : null };
        foreach (double speed in speeds)
        {
            var latency = TimeSpan.FromSeconds(Answer.TokenIds.Count / speed);
            record.Add(new Repetition([.. Enumerable.Range(0, 2).Select(domain => new Sample(domain, Answer, latency, verdict))], 2 * latency));
        }

        return record;
    }

    private static GenerationResult Generate()
    {
        var pipeline = new SpeculativePipeline(new PipelineComponents { Target = new InstantTarget() });
        try
        {
            return pipeline.GenerateAsync([1], new GenerationOptions { MaxOutputTokens = 1000 }).GetAwaiter().GetResult();
        }
        finally
        {
            pipeline.DisposeAsync().AsTask().GetAwaiter().GetResult();
        }
    }
}
