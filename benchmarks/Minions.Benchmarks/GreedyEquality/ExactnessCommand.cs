using Minions.Benchmarks.Models;
using Minions.Benchmarks.Reporting;
using Minions.Core;
using Minions.Core.Generation;

namespace Minions.Benchmarks.GreedyEquality;

/// <summary>Holds every arm's texts against those of the same models with speculation off.</summary>
internal sealed class ExactnessCommand(IReadOnlyList<RepositoryModels> sets, int maxTokens, int limitPerDomain)
{
    private readonly GenerationOptions _speculating = new() { MaxNewTokens = maxTokens, Mode = DecodingMode.BitIdentical };

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
        IReadOnlyList<Prompt> prompts = Prompt.Read(set.PromptFile, limitPerDomain);
        List<GenerationResult> own = await PlainAsync(set, models, prompts, cancellationToken);
        var tallies = new List<ArmTally>();
        foreach (ExactnessArm arm in ExactnessArm.All)
        {
            await using SpeculativePipeline pipeline = models.Pipeline(arm.Drafts, arm.Length);
            var tally = new ArmTally(set.Name, arm);
            ProgressLine.Milestone($"{set.Name}: {arm}");
            for (int i = 0; i < prompts.Count; i++)
            {
                ProgressLine.Show($"{set.Name}: {arm}, {i + 1} of {prompts.Count}: {prompts[i].Id}");
                GenerationResult result = await pipeline.GenerateAsync(prompts[i].Text, _speculating, cancellationToken);
                if (!tally.Add(own[i], result))
                    ReportDifference(set, arm, prompts[i], own[i], result);
            }

            tallies.Add(tally);
        }

        return tallies;
    }

    // With all drafts at hand but speculation off, so that the switch is under test too; the arm without drafts is another way to the same text.
    private async Task<List<GenerationResult>> PlainAsync(RepositoryModels set, LoadedModels models, IReadOnlyList<Prompt> prompts, CancellationToken cancellationToken)
    {
        await using SpeculativePipeline pipeline = models.Pipeline(models.DraftCount, length: 4);
        await pipeline.LoadAsync(cancellationToken);
        ProgressLine.Clear();
        Console.WriteLine($"{set.Name}: {prompts.Count} prompts, at most {maxTokens} tokens; identical texts are {(pipeline.Exactness.IsGuaranteed ? "promised" : $"not promised: {pipeline.Exactness.Reason}")}");
        var texts = new List<GenerationResult>(prompts.Count);
        ProgressLine.Milestone($"{set.Name}: speculation off");
        foreach (Prompt prompt in prompts)
        {
            ProgressLine.Show($"{set.Name}: speculation off, {texts.Count + 1} of {prompts.Count}: {prompt.Id}");
            texts.Add(await pipeline.GenerateAsync(prompt.Text, _speculating with { Speculation = SpeculationMode.Off }, cancellationToken));
        }

        return texts;
    }

    private static void ReportDifference(RepositoryModels set, ExactnessArm arm, Prompt prompt, GenerationResult own, GenerationResult result)
    {
        int first = own.TokenIds.Zip(result.TokenIds).TakeWhile(pair => pair.First == pair.Second).Count();
        ProgressLine.Clear();
        Console.WriteLine($"{set.Name}: {arm}: {prompt.Id} differs from id {first} on");
    }
}
