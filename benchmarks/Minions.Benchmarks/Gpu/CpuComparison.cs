using Minions.Benchmarks.Coupling;
using Minions.Benchmarks.EndToEnd.Measuring;
using Minions.Benchmarks.Models;
using Minions.Benchmarks.Reporting;
using Minions.Core;
using Minions.Core.Generation;
using Minions.Core.OnnxRuntime;

namespace Minions.Benchmarks.Gpu;

/// <summary>How far a target's logits are from those of the same files on the CPU, over texts of its own.</summary>
/// <param name="Positions">The rows compared.</param>
/// <param name="SameChoices">Rows whose largest logit is that of the same id.</param>
/// <param name="LargestDifference">Of any logit.</param>
/// <param name="MeanDifference">Of all logits.</param>
internal sealed record CpuComparison(int Positions, int SameChoices, double LargestDifference, double MeanDifference)
{
    // Numbers of 11 bits flip near ties; a cache that is read where it was not written flips nearly all.
    private const double LeastSame = 0.9;
    private const int Tokens = 48;

    /// <summary>Whether the two agree as two orders of adding the same numbers do.</summary>
    public bool IsPlausible => SameChoices >= LeastSame * Positions;

    /// <summary>Compares over the first prompt of each domain and what the target writes behind it.</summary>
    public static async Task<CpuComparison> OfAsync(LoadedModels models, ModelFolders folders, PromptTexts prompts, CancellationToken cancellationToken)
    {
        using OnnxTargetVerifier cpu = await OnnxTargetVerifier.LoadAsync(new OnnxModelOptions { Folder = folders.Target, Provider = ExecutionProvider.Cpu }, cancellationToken: cancellationToken);
        await using SpeculativePipeline pipeline = models.Pipeline([], length: 0);
        var all = new CpuComparison(0, 0, 0, 0);
        for (int domain = 0; domain < prompts.Domains.Count; domain++)
        {
            ProgressLine.Milestone($"against the CPU: {prompts.Domains[domain]}");
            int[] prompt = prompts.Ids(Enumerable.Range(0, prompts.Prompts.Count).First(i => prompts.DomainOf(i) == domain));
            GenerationResult answer = await pipeline.GenerateAsync(prompt, new GenerationOptions { MaxOutputTokens = Tokens, IgnoreEndToken = true }, cancellationToken);
            int[] text = [.. prompt, .. answer.TokenIds];
            all = all.With(RowCapture.Of(models.Target, text, prompt.Length, cancellationToken), RowCapture.Of(cpu, text, prompt.Length, cancellationToken));
        }

        return all;
    }

    /// <summary>These figures with those of more rows.</summary>
    internal CpuComparison With(IReadOnlyList<float[]> own, IReadOnlyList<float[]> cpu)
    {
        CpuComparison all = this;
        for (int row = 0; row < own.Count; row++)
        {
            double[] differences = [.. own[row].Zip(cpu[row], (one, other) => Math.Abs((double)one - other))];
            all = new CpuComparison(
                all.Positions + 1,
                all.SameChoices + (Choice(own[row]) == Choice(cpu[row]) ? 1 : 0),
                Math.Max(all.LargestDifference, differences.Max()),
                (all.MeanDifference * all.Positions + differences.Average()) / (all.Positions + 1));
        }

        return all;
    }

    private static int Choice(float[] logits) => Array.IndexOf(logits, logits.Max());
}
