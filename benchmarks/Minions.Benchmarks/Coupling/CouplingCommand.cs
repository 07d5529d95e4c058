using Minions.Benchmarks.Models;
using Minions.Benchmarks.Reporting;
using Minions.Core;
using Minions.Core.Generation;
using Minions.Core.OnnxRuntime;
using Minions.Core.Sampling;
using Minions.Core.Tokenization;

namespace Minions.Benchmarks.Coupling;

/// <summary>
/// How much the noise that target and draft share is worth: over texts that the target drew, how often each draft alone chooses the target's
/// id with it and without it, beside the most that any way to couple the two could reach, one minus their total variation.
/// </summary>
internal sealed class CouplingCommand(IReadOnlyList<RepositoryModels> sets, int maxTokens, int limitPerDomain, IReadOnlyList<SamplingOptions> samplings)
{
    private const string AllDomains = "all";

    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        var tallies = new List<CouplingTally>();
        foreach (RepositoryModels set in sets)
        {
            ProgressLine.Milestone($"{set.Name}: loading");
            tallies.AddRange(await MeasureAsync(set, cancellationToken));
        }

        ProgressLine.Clear();
        Console.WriteLine(CouplingTally.Header);
        tallies.ForEach(Console.WriteLine);
        return ExitCode.Success;
    }

    private async Task<IReadOnlyCollection<CouplingTally>> MeasureAsync(RepositoryModels set, CancellationToken cancellationToken)
    {
        IReadOnlyList<Prompt> prompts = PromptFile.Read(set.PromptFile, limitPerDomain);
        List<DrawnText> texts = await DrawAsync(set, prompts, cancellationToken);
        using OnnxTargetVerifier target = await LoadAsync(set, "target", cancellationToken);
        var tallies = new List<CouplingTally>();
        foreach (string name in set.Drafts)
        {
            // A verifier gives the logits of every position in one run; a draft would give its choices only.
            using OnnxTargetVerifier draft = await LoadAsync(set, name, cancellationToken);
            Dictionary<string, CouplingTally> ofDraft = new[] { AllDomains }.Concat(prompts.Select(prompt => prompt.Domain)).Distinct()
                .ToDictionary(domain => domain, domain => new CouplingTally(set.Name, name, domain));
            for (int i = 0; i < texts.Count; i++)
            {
                ProgressLine.Show($"{set.Name}: {name}, {i + 1} of {texts.Count}");
                Compare(texts[i], target, draft, [ofDraft[AllDomains], ofDraft[texts[i].Domain]], cancellationToken);
            }

            tallies.AddRange(ofDraft.Values);
        }

        return tallies;
    }

    private async Task<List<DrawnText>> DrawAsync(RepositoryModels set, IReadOnlyList<Prompt> prompts, CancellationToken cancellationToken)
    {
        using LoadedModels models = await LoadedModels.LoadAsync(set, cancellationToken);
        await using SpeculativePipeline pipeline = models.Pipeline(models.Drafts, length: 2);
        HuggingFaceTokenizer tokenizer = HuggingFaceTokenizer.Load(Path.Combine(set.Folder, "target"));
        var texts = new List<DrawnText>();
        foreach (Prompt prompt in prompts)
        {
            IReadOnlyList<int> ids = tokenizer.Encode(prompt.Text);
            foreach (SamplingOptions sampling in samplings)
            {
                ProgressLine.Show($"{set.Name}: drawing texts, {texts.Count + 1} of {prompts.Count * samplings.Count}: {prompt.Id}");
                GenerationResult result = await pipeline.GenerateAsync(ids, new() { MaxOutputTokens = maxTokens, Sampling = sampling }, cancellationToken);
                texts.Add(new DrawnText(prompt.Domain, [.. ids, .. result.TokenIds], ids.Count, sampling));
            }
        }

        return texts;
    }

    private static void Compare(DrawnText text, OnnxTargetVerifier target, OnnxTargetVerifier draft, CouplingTally[] tallies, CancellationToken cancellationToken)
    {
        IReadOnlyList<float[]> targetRows = RowCapture.Of(target, text.Ids, text.PromptLength, cancellationToken);
        IReadOnlyList<float[]> draftRows = RowCapture.Of(draft, text.Ids, text.PromptLength, cancellationToken);
        TokenSelector selector = TokenSelector.Create(text.Sampling, text.PromptLength);
        for (int i = 0; i < targetRows.Count; i++)
        {
            int position = text.PromptLength + i;
            ReadOnlySpan<int> prefix = text.Ids.AsSpan(0, position);
            if (selector.Select(position, prefix, targetRows[i]) != text.Ids[position])
                throw new InvalidOperationException($"The target alone chooses another id at position {position} than it did with speculation.");

            double[] ofTarget = Softmax(targetRows[i], text.Sampling.Temperature);
            double[] ofDraft = Softmax(draftRows[i], text.Sampling.Temperature);
            bool agrees = selector.Select(position, prefix, draftRows[i]) == text.Ids[position];
            foreach (CouplingTally tally in tallies)
                tally.Add(ofTarget, ofDraft, agrees);
        }
    }

    private static double[] Softmax(float[] logits, double temperature)
    {
        double maximum = logits.Max();
        double[] weights = Array.ConvertAll(logits, logit => Math.Exp((logit - maximum) / temperature));
        double sum = weights.Sum();
        return Array.ConvertAll(weights, weight => weight / sum);
    }

    private static Task<OnnxTargetVerifier> LoadAsync(RepositoryModels set, string folder, CancellationToken cancellationToken) =>
        OnnxTargetVerifier.LoadAsync(new OnnxModelOptions { Folder = Path.Combine(set.Folder, folder), Provider = ExecutionProvider.Cpu }, cancellationToken: cancellationToken);

    private sealed record DrawnText(string Domain, int[] Ids, int PromptLength, SamplingOptions Sampling);
}
