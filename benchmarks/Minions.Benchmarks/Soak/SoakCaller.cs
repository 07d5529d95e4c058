using Minions.Benchmarks.Models;
using Minions.Core;
using Minions.Core.Generation;

namespace Minions.Benchmarks.Soak;

/// <summary>One caller of many: asks, reads, leaves, cancels and asks again until the time is over.</summary>
internal sealed class SoakCaller(SpeculativePipeline pipeline, IReadOnlyList<Prompt> prompts, SoakTally tally, int seed)
{
    private const int LongestAnswer = 48;

    /// <summary>A request that takes longer than this hangs, even on a slow machine with many callers.</summary>
    private static readonly TimeSpan Stuck = TimeSpan.FromMinutes(2);

    private readonly Random _random = new(seed);

    public async Task RunAsync(CancellationToken end)
    {
        while (!end.IsCancellationRequested)
        {
            Prompt prompt = prompts[_random.Next(prompts.Count)];
            var options = new GenerationOptions { MaxOutputTokens = _random.Next(1, LongestAnswer + 1) };
            Task call = _random.Next(5) switch
            {
                0 => LeaveAsync(prompt, options),
                1 => CancelAsync(prompt, options),
                2 => ContinueAsync(prompt, options),
                _ => CompareAsync(prompt.Text, options, "answered"),
            };
            try
            {
                await call.WaitAsync(Stuck, CancellationToken.None);
            }
            catch (TimeoutException)
            {
                tally.Fault($"{prompt.Id} was not done after {Stuck.TotalMinutes} minutes");
                return;
            }
            catch (Exception fault) when (fault is not OutOfMemoryException)
            {
                tally.Fault($"{prompt.Id}: {fault.Message}");
            }
        }
    }

    private async Task LeaveAsync(Prompt prompt, GenerationOptions options)
    {
        int after = _random.Next(LongestAnswer);
        await foreach (GeneratedToken token in pipeline.StreamAsync(prompt.Text, options))
        {
            if (token.Index == after)
                break;
        }

        tally.Count("streamed, most left early");
    }

    private async Task CancelAsync(Prompt prompt, GenerationOptions options)
    {
        using var cancellation = new CancellationTokenSource(TimeSpan.FromMilliseconds(_random.Next(300)));
        try
        {
            await pipeline.GenerateAsync(prompt.Text, options, cancellation.Token);
            tally.Count("done before it was cancelled");
        }
        catch (OperationCanceledException)
        {
            tally.Count("cancelled");
        }
    }

    private async Task ContinueAsync(Prompt prompt, GenerationOptions options)
    {
        GenerationResult first = await CompareAsync(prompt.Text, options, "answered");
        await CompareAsync($"{prompt.Text}{first.Text} And", options, "continued");
    }

    /// <summary>Asks with speculation and without: both have to give the same ids, whatever else is in work.</summary>
    private async Task<GenerationResult> CompareAsync(string text, GenerationOptions options, string outcome)
    {
        GenerationResult speculative = await pipeline.GenerateAsync(text, options);
        GenerationResult plain = await pipeline.GenerateAsync(text, options with { Speculate = false });
        if (!speculative.TokenIds.SequenceEqual(plain.TokenIds))
            tally.Fault($"another text than the target's own: '{text[..Math.Min(60, text.Length)]}'");
        tally.Count(outcome);
        tally.Count("answered plainly, to compare");
        return speculative;
    }
}
