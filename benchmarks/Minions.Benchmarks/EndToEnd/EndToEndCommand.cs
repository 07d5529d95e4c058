using Minions.Benchmarks.EndToEnd.Arms;
using Minions.Benchmarks.EndToEnd.Measuring;
using Minions.Benchmarks.EndToEnd.Reporting;
using Minions.Benchmarks.Models;
using Minions.Benchmarks.Reporting;
using Minions.Core;

namespace Minions.Benchmarks.EndToEnd;

/// <summary>Measures arms against each other on one set of models.</summary>
internal sealed class EndToEndCommand(EndToEndArguments arguments)
{
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        arguments.Check();
        IReadOnlyList<Arm> arms = arguments.ParseArms();
        IReadOnlyList<Prompt> prompts = PromptFile.ReadInTurn(arguments.PromptFile, arguments.Limit);
        if (prompts.Count < arguments.Concurrency)
            ProgressLine.Milestone($"note: only {prompts.Count} prompts, so no more than {prompts.Count} of {arguments.Concurrency} requests are in flight");

        ProgressLine.Milestone("loading");
        var log = new LoadLog();
        using LoadedModels models = await LoadAsync(log, cancellationToken);
        foreach (string line in log.Lines)
            ProgressLine.Milestone($"note: {line}");
        if (arms.FirstOrDefault(arm => arm.Packs && arguments.Concurrency > 1 && models.Target.MaxBatchSize == 1) is { } packing)
            throw new BadInputException($"--arms: '{packing.Name}' takes several requests into one run of the target, which this target cannot.");

        using GenAIModels? genAI = arms.Any(arm => arm.RunsGenAI) ? await LoadGenAIAsync(arms, cancellationToken) : null;
        var texts = new PromptTexts(prompts, models.Tokenizer, models.Target.ContextLength);
        genAI?.CheckRoom(Math.Min(texts.Longest + arguments.MaxTokens, models.Target.ContextLength));
        Measurements measured = await new Bench(arguments, arms, models, genAI, texts).RunAsync(cancellationToken);

        GenAISettings? settings = genAI is null ? null : GenAISettings.Of(genAI);
        TableReport.Write(JsonOutput.Tables(arguments.Json), arguments, models.Target.Exactness, measured, settings);
        if (arguments.Json is { } file)
            await JsonOutput.WriteAsync(file, JsonReport.Of(arguments, models, measured, settings), cancellationToken);

        bool breaksPromise = measured.FiguresOf(null, arguments.Concurrency).Zip(arms).Any(
            measuredArm => measuredArm.First.TextsDiffering > 0 && (measuredArm.Second.TargetIsGenAI ? genAI!.Verifier! : models.Target).Exactness.IsGuaranteed);
        return breaksPromise ? ExitCode.BoundMissed : ExitCode.Success;
    }

    private async Task<GenAIModels> LoadGenAIAsync(IReadOnlyList<Arm> arms, CancellationToken cancellationToken)
    {
        try
        {
            return await GenAIModels.LoadAsync(arms, arguments, cancellationToken);
        }
        catch (ModelLoadException fault)
        {
            throw arguments.Describe(fault);
        }
    }

    private async Task<LoadedModels> LoadAsync(LoadLog log, CancellationToken cancellationToken)
    {
        try
        {
            return await LoadedModels.LoadAsync(arguments.Folders, log, cancellationToken);
        }
        catch (ModelLoadException fault)
        {
            throw arguments.Describe(fault);
        }
    }
}
