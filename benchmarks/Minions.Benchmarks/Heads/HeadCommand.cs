using Minions.Benchmarks.EndToEnd.Costs;
using Minions.Benchmarks.EndToEnd.Measuring;
using Minions.Benchmarks.Models;
using Minions.Benchmarks.Reporting;
using Minions.Core;
using Minions.Core.Generation;
using Minions.Core.OnnxRuntime;

namespace Minions.Benchmarks.Heads;

/// <summary>Tells people who train a head whether it fits its target, how often it is right by step of its chain, and what it may bring.</summary>
internal sealed class HeadCommand(HeadArguments arguments)
{
    private const int CostPasses = 9;

    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        arguments.Check();
        IReadOnlyList<Prompt> prompts = PromptFile.Read(arguments.PromptFile, arguments.Limit);
        ProgressLine.Milestone("loading");
        using LoadedModels models = await LoadedModels.LoadAsync(arguments.Folders, cancellationToken);
        var texts = new PromptTexts(prompts, models.Tokenizer, models.Target.ContextLength);
        List<int[]> answers = await AnswerAsync(models, texts, cancellationToken);
        if (answers.All(answer => answer.Length < 2))
            throw new BadInputException("--prompts: every answer of the target ends with its first token, behind which there is nothing to guess.");

        HeadReport report = await OnThreadOfItsOwn(() => Measure(models, texts, answers, cancellationToken), cancellationToken);
        ProgressLine.Clear();
        report.Write(JsonOutput.Tables(arguments.Json));
        if (arguments.Json is { } file)
            await JsonOutput.WriteAsync(file, report.ToJson(), cancellationToken);
        return ExitCode.Success;
    }

    private async Task<List<int[]>> AnswerAsync(LoadedModels models, PromptTexts texts, CancellationToken cancellationToken)
    {
        await using SpeculativePipeline pipeline = models.Pipeline([], 0);
        ProgressLine.Milestone("the target's own texts");
        var answers = new List<int[]>();
        for (int i = 0; i < texts.Prompts.Count; i++)
        {
            ProgressLine.Show($"the target's own texts, {i + 1} of {texts.Prompts.Count}: {texts.Prompts[i].Id}");
            GenerationResult result = await pipeline.GenerateAsync(texts.Ids(i), new GenerationOptions { MaxOutputTokens = arguments.MaxTokens }, cancellationToken);
            answers.Add([.. result.TokenIds]);
        }

        return answers;
    }

    private HeadReport Measure(LoadedModels models, PromptTexts texts, List<int[]> answers, CancellationToken cancellationToken)
    {
        var head = (OnnxHeadModel)models.Heads[0];
        var meter = new ChainMeter(models.Target, head, arguments.Window);
        var agreement = new List<ChainAgreement>();
        ProgressLine.Milestone("chains");
        for (int i = 0; i < answers.Count; i++)
        {
            ProgressLine.Show($"chains, {i + 1} of {answers.Count}: {texts.Prompts[i].Id}");
            agreement.Add(meter.Measure(texts.Prompts[i].Domain, [.. texts.Ids(i), .. answers[i]], texts.Ids(i).Length, cancellationToken));
        }

        ProgressLine.Milestone("costs");
        using var probe = new CostProbe(models.Target, ChainAgreement.Steps + 1, slots: 1, models.Heads);
        int longest = answers.IndexOf(answers.MaxBy(answer => answer.Length)!);
        for (int pass = 0; pass <= CostPasses; pass++)
            probe.Pass([.. texts.Ids(longest), .. answers[longest]], keep: pass > 0, cancellationToken);
        RunCosts costs = probe.Costs();
        return costs.Heads.ContainsKey(head.Name)
            ? HeadReport.Of(arguments, head.Name, head.RequiredStates, agreement, costs)
            : throw new BadInputException("--max-tokens: the texts are too short to tell what a chain costs. Let the target write more.");
    }

    // Models run on such threads in a pipeline, too.
    private static Task<T> OnThreadOfItsOwn<T>(Func<T> work, CancellationToken cancellationToken) =>
        Task.Factory.StartNew(work, cancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default);
}
