using Minions.Benchmarks.Models;
using Minions.Benchmarks.Reporting;
using Minions.Core;
using Minions.Core.Generation;
using Minions.Core.Sampling;
using Minions.Core.Verification;

namespace Minions.Benchmarks.GreedyEquality;

/// <summary>Holds every arm's texts against those of the same models with speculation off.</summary>
internal sealed class ExactnessCommand(IReadOnlyList<RepositoryModels> sets, int maxTokens, int limitPerDomain, IReadOnlyList<SamplingOptions> samplings)
{
    private readonly GenerationOptions _speculating = new() { MaxOutputTokens = maxTokens, Mode = DecodingMode.BitIdentical };

    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        var tallies = new List<ArmTally>();
        foreach (RepositoryModels set in sets)
        {
            ProgressLine.Milestone($"{set.Name}: loading");
            using LoadedModels models = await LoadedModels.LoadAsync(set, cancellationToken);
            tallies.AddRange(await CompareAsync(set, models, cancellationToken));
        }

        ProgressLine.Clear();
        Console.WriteLine(ArmTally.Header);
        tallies.ForEach(Console.WriteLine);
        int texts = tallies.Sum(tally => tally.TextsDiffering);
        Console.WriteLine($"{texts} texts and {tallies.Sum(tally => tally.IdsDiffering)} ids differ");
        return tallies.Any(tally => tally.Differs) ? ExitCode.BoundMissed : ExitCode.Success;
    }

    private async Task<List<ArmTally>> CompareAsync(RepositoryModels set, LoadedModels models, CancellationToken cancellationToken)
    {
        List<ExactnessText> texts = [.. PromptFile.Read(set.PromptFile, limitPerDomain).SelectMany(prompt => samplings.Select(sampling => new ExactnessText(prompt, sampling)))];
        List<GenerationResult> own = await PlainAsync(set, models, texts, cancellationToken);
        var tallies = new List<ArmTally>();
        foreach (ExactnessArm arm in ExactnessArm.Of(models))
        {
            await using SpeculativePipeline pipeline = models.Pipeline(arm.DraftsOf(models), arm.Length);
            var tally = new ArmTally(set.Name, arm);
            ProgressLine.Milestone($"{set.Name}: {arm}");
            for (int i = 0; i < texts.Count; i++)
            {
                ProgressLine.Show($"{set.Name}: {arm}, {i + 1} of {texts.Count}: {texts[i]}");
                GenerationResult result = await pipeline.GenerateAsync(texts[i].Prompt.Text, _speculating with { Sampling = texts[i].Sampling }, cancellationToken);
                if (!tally.Add(own[i], result))
                    ReportDifference(set, arm, texts[i], own[i], result);
            }

            tallies.Add(tally);
        }

        return tallies;
    }

    // With all drafts at hand but speculation off, so that the switch is under test too; the arm without drafts is another way to the same text.
    private async Task<List<GenerationResult>> PlainAsync(RepositoryModels set, LoadedModels models, List<ExactnessText> asked, CancellationToken cancellationToken)
    {
        await using SpeculativePipeline pipeline = models.Pipeline(models.Drafts, length: 4);
        Exactness exactness = (await pipeline.LoadAsync(cancellationToken)).Exactness;
        ProgressLine.Clear();
        Console.WriteLine($"{set.Name}: {asked.Count} texts, at most {maxTokens} tokens; identical texts are {(exactness.IsGuaranteed ? "promised" : $"not promised: {exactness.Reason}")}");
        var texts = new List<GenerationResult>(asked.Count);
        ProgressLine.Milestone($"{set.Name}: speculation off");
        foreach (ExactnessText text in asked)
        {
            ProgressLine.Show($"{set.Name}: speculation off, {texts.Count + 1} of {asked.Count}: {text}");
            texts.Add(await pipeline.GenerateAsync(text.Prompt.Text, _speculating with { Speculate = false, Sampling = text.Sampling }, cancellationToken));
        }

        return texts;
    }

    private static void ReportDifference(RepositoryModels set, ExactnessArm arm, ExactnessText text, GenerationResult own, GenerationResult result)
    {
        int first = own.TokenIds.Zip(result.TokenIds).TakeWhile(pair => pair.First == pair.Second).Count();
        ProgressLine.Clear();
        Console.WriteLine($"{set.Name}: {arm}: {text} differs from id {first} on");
    }
}
