using Minions.Benchmarks.Micro;
using Minions.Benchmarks.Overhead;
using Minions.Core;
using Minions.Core.Generation;
using Minions.Core.Pipeline;

namespace Minions.Benchmarks.Tests.Overhead;

public sealed class CallersTests
{
    private static readonly int[][] Prompts = [[0], [1], [2]];

    [TestCase(1)]
    [TestCase(2)]
    [TestCase(5)]
    public async Task Every_caller_asks_every_prompt_once_and_begins_with_another(int count)
    {
        await using var pipeline = new SpeculativePipeline(new PipelineComponents { Target = new InstantTarget() });
        var progress = new List<int>();
        var gate = new Lock();

        IReadOnlyList<GenerationResult> results = await new Callers(pipeline, Prompts, count).AskAsync(
            Prompts.Length, caller => 1 + caller, answered =>
            {
                lock (gate)
                    progress.Add(answered);
            },
            CancellationToken.None);

        IEnumerable<int> first = Enumerable.Range(0, count).SelectMany(caller => Enumerable.Range(0, Prompts.Length).Select(i => InstantText.After((caller + i) % Prompts.Length)));
        using (Assert.EnterMultipleScope())
        {
            Assert.That(results.Select(result => result.TokenIds[0]), Is.EqualTo(first));
            Assert.That(results.Select(result => result.TokenIds.Count), Is.EqualTo(Enumerable.Range(0, count).SelectMany(caller => Enumerable.Repeat(1 + caller, Prompts.Length))));
            Assert.That(progress.Order(), Is.EqualTo(Enumerable.Range(1, count * Prompts.Length)));
        }
    }
}
