using Minions.Core;
using Minions.Core.Generation;

namespace Minions.Benchmarks.Overhead;

/// <summary>Callers who ask at once, each every prompt, one after another, and each beginning with another one.</summary>
internal sealed class Callers(SpeculativePipeline pipeline, IReadOnlyList<IReadOnlyList<int>> prompts, int count)
{
    /// <summary>Has each caller ask some prompts and wait for the answers.</summary>
    /// <param name="each">How many prompts each asks.</param>
    /// <param name="maxTokens">The most tokens of an answer of a caller.</param>
    /// <param name="progress">Hears how many answers there are.</param>
    /// <param name="cancellationToken">Ends the requests.</param>
    /// <returns>All answers.</returns>
    public async Task<IReadOnlyList<GenerationResult>> AskAsync(int each, Func<int, int> maxTokens, Action<int> progress, CancellationToken cancellationToken)
    {
        int answered = 0;
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        return [.. (await Task.WhenAll(Enumerable.Range(0, count).Select(AskAsync))).SelectMany(results => results)];

        async Task<GenerationResult[]> AskAsync(int caller)
        {
            var results = new GenerationResult[each];
            try
            {
                for (int i = 0; i < each; i++)
                {
                    var options = new GenerationOptions { MaxOutputTokens = maxTokens(caller) };
                    results[i] = await pipeline.GenerateAsync(prompts[(caller + i) % prompts.Count], options, stop.Token);
                    progress(Interlocked.Increment(ref answered));
                }
            }
            catch
            {
                // The others' answers are of no use any more.
                await stop.CancelAsync();
                throw;
            }

            return results;
        }
    }
}
