using System.Diagnostics;
using Minions.Benchmarks.Models;
using Minions.Benchmarks.Reporting;
using Minions.Core;

namespace Minions.Benchmarks.Soak;

/// <summary>
/// Keeps a pipeline busy for minutes with callers that wait, stream, leave early, cancel and continue chats. Holds it to three promises: every
/// text that comes to its end is the target's own, no request is lost or stuck, and memory stops growing after the second minute.
/// </summary>
internal sealed class SoakCommand(RepositoryModels set, TimeSpan duration, int concurrency)
{
    private const int Length = 3;
    private static readonly TimeSpan SampleInterval = TimeSpan.FromSeconds(5);

    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        ProgressLine.Milestone($"{set.Name}: loading");
        using LoadedModels models = await LoadedModels.LoadAsync(set, cancellationToken);
        var memory = new MemoryTrend();
        var tally = new SoakTally();
        await using (SpeculativePipeline pipeline = models.ServingPipeline(Length))
        {
            using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            end.CancelAfter(duration);
            IReadOnlyList<Prompt> prompts = PromptFile.Read(set.PromptFile, int.MaxValue);
            Task[] callers = [.. Enumerable.Range(0, concurrency).Select(i => new SoakCaller(pipeline, prompts, tally, seed: i).RunAsync(end.Token))];
            await WatchAsync(memory, tally, Task.WhenAll(callers));
        }

        cancellationToken.ThrowIfCancellationRequested();
        ProgressLine.Clear();
        memory.Write(Console.Out);
        tally.Write(Console.Out);
        return memory.IsBounded && tally.IsClean ? ExitCode.Success : ExitCode.BoundMissed;
    }

    private async Task WatchAsync(MemoryTrend memory, SoakTally tally, Task callers)
    {
        using var process = Process.GetCurrentProcess();
        long start = Stopwatch.GetTimestamp();
        while (await Task.WhenAny(callers, Task.Delay(SampleInterval)) != callers)
        {
            process.Refresh();
            TimeSpan elapsed = Stopwatch.GetElapsedTime(start);
            memory.Add(elapsed, process.WorkingSet64);
            ProgressLine.Show($"{elapsed:mm\\:ss} of {duration:mm\\:ss}: {tally.Requests} requests, {process.WorkingSet64 >> 20} MB");
        }

        await callers;
    }
}
