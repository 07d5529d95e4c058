using Minions.Benchmarks.Models;
using Minions.Benchmarks.Reporting;
using Minions.Core;
using Minions.Core.Diagnostics;
using Minions.Core.Generation;

namespace Minions.Benchmarks.Overhead;

/// <summary>
/// Measures how much of the wall time passes with no model running: one request at a time on SmolLM2 with all drafts, so that work is
/// always ready and whatever is not a run is the library's own doing.
/// </summary>
internal sealed class OverheadCommand(int maxTokens, int limitPerDomain)
{
    private const int Length = 3;
    private const int WarmUpTokens = 32;

    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        var set = RepositoryModels.SmolLm2;
        ProgressLine.Milestone($"{set.Name}: loading");
        using LoadedModels models = await LoadedModels.LoadAsync(set, cancellationToken);
        await using SpeculativePipeline pipeline = models.Pipeline(models.DraftCount, Length);
        IReadOnlyList<Prompt> prompts = Prompt.Read(set.PromptFile, limitPerDomain);
        await pipeline.GenerateAsync(prompts[0].Text, new GenerationOptions { MaxNewTokens = WarmUpTokens }, cancellationToken);

        var meter = new RunMeter();
        RunMeter.Installed = meter;
        try
        {
            var samples = new List<OverheadSample>(prompts.Count);
            foreach (Prompt prompt in prompts)
            {
                ProgressLine.Show($"{samples.Count + 1} of {prompts.Count}: {prompt.Id}");
                samples.Add(await MeasureAsync(pipeline, meter, prompt, cancellationToken));
            }

            ProgressLine.Clear();
            var report = new OverheadReport(samples);
            report.Write(Console.Out);
            return report.IsWithinBound ? ExitCode.Success : ExitCode.BoundMissed;
        }
        finally
        {
            RunMeter.Installed = null;
        }
    }

    private async Task<OverheadSample> MeasureAsync(SpeculativePipeline pipeline, RunMeter meter, Prompt prompt, CancellationToken cancellationToken)
    {
        TimeSpan before = meter.Busy;
        GenerationResult result = await pipeline.GenerateAsync(prompt.Text, new GenerationOptions { MaxNewTokens = maxTokens }, cancellationToken);
        return new OverheadSample(result.Elapsed, meter.Busy - before, result.Statistics.Rounds);
    }
}
