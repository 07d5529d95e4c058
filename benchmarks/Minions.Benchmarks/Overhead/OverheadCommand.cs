using System.Diagnostics;
using Minions.Benchmarks.Models;
using Minions.Benchmarks.Reporting;
using Minions.Core;
using Minions.Core.Diagnostics;
using Minions.Core.Generation;

namespace Minions.Benchmarks.Overhead;

/// <summary>
/// Measures how much of the wall time passes with no model running: SmolLM2 with its head and all drafts always has a request at work, so whatever is not
/// a run is the library's own doing.
/// </summary>
internal sealed class OverheadCommand(int maxTokens, int limitPerDomain, int concurrency)
{
    private const int Length = 3;
    private const int WarmUpTokens = 32;

    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        RepositoryModels set = RepositoryModels.SmolLm2;
        ProgressLine.Milestone($"{set.Name}: loading");
        using LoadedModels models = await LoadedModels.LoadAsync(set, cancellationToken);
        await using SpeculativePipeline pipeline = models.Pipeline(models.Drafts, Length);
        IReadOnlyList<Prompt> prompts = PromptFile.Read(set.PromptFile, limitPerDomain);
        var callers = new Callers(pipeline, [.. prompts.Select(prompt => models.Tokenizer.Encode(prompt.Text, parseSpecialTokens: true))], concurrency);
        await WarmUpAsync(callers, models, cancellationToken);

        var meter = new RunMeter();
        RunMeter.Installed = meter;
        try
        {
            IReadOnlyCollection<OverheadSample> samples = concurrency == 1
                ? await MeasureEachAsync(pipeline, meter, prompts, cancellationToken)
                : [await MeasureAsync(callers, meter, prompts.Count, cancellationToken)];
            ProgressLine.Clear();
            var report = new OverheadReport(samples, concurrency);
            report.Write(Console.Out);
            return report.IsWithinBound ? ExitCode.Success : ExitCode.BoundMissed;
        }
        finally
        {
            RunMeter.Installed = null;
        }
    }

    // One caller after another leaves, so that runs of every number of requests are asked for; what they need is then made in the background.
    // What is new after that is warmed up by the second time.
    private async Task WarmUpAsync(Callers callers, LoadedModels models, CancellationToken cancellationToken)
    {
        ProgressLine.Milestone("warm-up");
        for (int i = 0; i < (concurrency == 1 ? 1 : 2); i++)
        {
            await callers.AskAsync(each: 1, caller => WarmUpTokens + caller * Length, _ => { }, cancellationToken);
            await models.SizesSettled.WaitAsync(cancellationToken);
        }
    }

    private async Task<List<OverheadSample>> MeasureEachAsync(SpeculativePipeline pipeline, RunMeter meter, IReadOnlyList<Prompt> prompts, CancellationToken cancellationToken)
    {
        var samples = new List<OverheadSample>(prompts.Count);
        foreach (Prompt prompt in prompts)
        {
            ProgressLine.Show($"{samples.Count + 1} of {prompts.Count}: {prompt.Id}");
            TimeSpan before = meter.Busy;
            GenerationResult result = await pipeline.GenerateAsync(prompt.Text, new GenerationOptions { MaxOutputTokens = maxTokens }, cancellationToken);
            samples.Add(new OverheadSample(result.Elapsed, meter.Busy - before, result.Statistics.Rounds, Requests: 1));
        }

        return samples;
    }

    private async Task<OverheadSample> MeasureAsync(Callers callers, RunMeter meter, int prompts, CancellationToken cancellationToken)
    {
        TimeSpan before = meter.Busy;
        long start = Stopwatch.GetTimestamp();
        IReadOnlyList<GenerationResult> results = await callers.AskAsync(
            prompts, _ => maxTokens, answered => ProgressLine.Show($"{answered} of {prompts * concurrency} answers"), cancellationToken);
        return new OverheadSample(Stopwatch.GetElapsedTime(start), meter.Busy - before, results.Sum(result => result.Statistics.Rounds), results.Count);
    }
}
