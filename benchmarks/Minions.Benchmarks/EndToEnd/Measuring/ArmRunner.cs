using System.Diagnostics;
using Minions.Benchmarks.EndToEnd.Arms;

namespace Minions.Benchmarks.EndToEnd.Measuring;

/// <summary>Has an arm answer prompts, and holds its texts against those they should be.</summary>
internal sealed class ArmRunner(IArmEngine engine, PromptTexts prompts)
{
    /// <summary>Answers prompts, as many at once as the arm does.</summary>
    /// <param name="which">The prompts' places, in the order in which they start.</param>
    /// <param name="references">The texts to hold the answers against, or <see langword="null"/> while there are none.</param>
    /// <param name="progress">Hears of each prompt that starts.</param>
    /// <param name="cancellationToken">Ends the requests.</param>
    /// <returns>The samples in the same order, and the time from the first start to the last end.</returns>
    public async Task<Repetition> RunAsync(
        IReadOnlyList<int> which, References? references, Action<int> progress, CancellationToken cancellationToken)
    {
        var samples = new Sample[which.Count];
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        int next = -1;
        long start = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, Math.Min(engine.InFlight, which.Count)).Select(_ => AnswerAsync()));
        return new Repetition(samples, Stopwatch.GetElapsedTime(start));

        async Task AnswerAsync()
        {
            try
            {
                while (Interlocked.Increment(ref next) is int i && i < which.Count)
                {
                    progress(i);
                    samples[i] = await AskAsync(which[i], references, stop.Token);
                }
            }
            catch
            {
                // The others need not answer any more; without this they would go on to the end of the list.
                await stop.CancelAsync();
                throw;
            }
        }
    }

    private async Task<Sample> AskAsync(int prompt, References? references, CancellationToken cancellationToken)
    {
        long start = Stopwatch.GetTimestamp();
        Answer answer = await engine.AnswerAsync(prompts.Ids(prompt), cancellationToken);
        TimeSpan latency = Stopwatch.GetElapsedTime(start);
        return new Sample(prompts.DomainOf(prompt), answer, latency, references?.Judge(engine.Arm, prompt, answer) ?? default);
    }
}
