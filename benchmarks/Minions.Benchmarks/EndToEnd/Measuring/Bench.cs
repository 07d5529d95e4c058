using Minions.Benchmarks.EndToEnd.Arms;
using Minions.Benchmarks.EndToEnd.Costs;
using Minions.Benchmarks.EndToEnd.Scenarios;
using Minions.Benchmarks.Models;
using Minions.Benchmarks.Reporting;
using Minions.Core;
using Minions.Core.Drafting.Ngram;
using Minions.Core.Generation;

namespace Minions.Benchmarks.EndToEnd.Measuring;

/// <summary>
/// The schedule: the reference once, a warm-up of every arm, then the repetitions. With one request at a time the arms take turns at every
/// prompt; with more, at every repetition. Costs of runs are measured between turns.
/// </summary>
internal sealed class Bench(EndToEndArguments arguments, IReadOnlyList<Arm> named, LoadedModels models, PromptTexts prompts)
{
    private const int LeastCostPasses = 9;

    private readonly int[] _all = [.. Enumerable.Range(0, prompts.Prompts.Count)];

    public async Task<Measurements> RunAsync(CancellationToken cancellationToken)
    {
        GenerationResult[] reference = await ReferenceAsync(cancellationToken);
        string? bestSingle = named.Any(arm => arm.Panel.BestSingle) ? await FindBestSingleAsync(reference, cancellationToken) : null;
        Arm[] arms = [.. named.Select(arm => arm.Panel.BestSingle ? arm with { Panel = arm.Panel.With(new ArmPanel { Names = [bestSingle!] }) } : arm)];
        ArmRecord[] records = [.. arms.Select(arm => new ArmRecord(arm, prompts.Domains.Count))];
        ScenarioFacts? facts = arms.Any(arm => arm.Scenario is not null) ? await GatherFactsAsync(reference, cancellationToken) : null;
        ArmPipeline[] pipelines = [.. arms.Select(arm => new ArmPipeline(arm, models, arguments, prompts, facts))];
        try
        {
            int longest = arms.Max(arm => arm.Length?.FixedLength) ?? 0;
            bool hasHead = arms.Any(arm => arm.Speculates && models.Heads.Any(head => arm.Panel.Includes(head.Name, isHead: true)));
            using var probe = new CostProbe(models.Target, longest + 1, arms.Any(arm => arm.Packs) ? arguments.Concurrency : 1, hasHead ? models.Heads : []);

            // First, since what packs several requests into a run is made in the background when it is first asked for.
            await PassAsync(probe, prompt: 0, reference[0], passes: 1, keep: false, cancellationToken);
            await WarmUpAsync(pipelines, records, cancellationToken);
            for (int i = 0; i < records.Length; i++)
                pipelines[i].Recorder.Log = records[i].Rounds;
            for (int repetition = 0; repetition < arguments.Repeat; repetition++)
            {
                if (arguments.Concurrency == 1)
                    await TakeTurnsAtPromptsAsync(pipelines, records, reference, probe, repetition, cancellationToken);
                else
                    await TakeTurnsAtRepetitionsAsync(pipelines, records, reference, probe, repetition, cancellationToken);
            }

            return new Measurements(prompts, records, probe.Costs(), facts?.TargetStep, bestSingle);
        }
        finally
        {
            ProgressLine.Clear();
            foreach (ArmPipeline pipeline in pipelines)
                await pipeline.DisposeAsync();
        }
    }

    private async Task<GenerationResult[]> ReferenceAsync(CancellationToken cancellationToken)
    {
        ProgressLine.Milestone("the target's own texts");
        await using var pipeline = new ArmPipeline(ArmCatalogue.Reference, models, arguments with { Concurrency = 1 }, prompts);
        Repetition own = await new ArmRunner(pipeline, prompts).RunAsync(_all, null, Show("reference"), cancellationToken);
        return [.. own.Samples.Select(sample => sample.Result)];
    }

    private Task<string> FindBestSingleAsync(GenerationResult[] reference, CancellationToken cancellationToken)
    {
        ProgressLine.Milestone("which draft is the best alone");
        IReadOnlyList<IDraftModel> drafts = [.. models.Drafts.Where(draft => !draft.ReadsStates)];
        return OnThreadOfItsOwn(() => new BestSingleDraft(models.Target, drafts, arguments.Sampling).Find(TextsOf(reference), cancellationToken), cancellationToken);
    }

    private IReadOnlyList<(int[] Prompt, int[] Answer)> TextsOf(GenerationResult[] reference) => [.. reference.Select((answer, prompt) => (prompts.Ids(prompt), (int[])[.. answer.TokenIds]))];

    private Task<ScenarioFacts> GatherFactsAsync(GenerationResult[] reference, CancellationToken cancellationToken)
    {
        ProgressLine.Milestone("what the drafts of scenarios need to know");
        IReadOnlyList<IDraftModel> drafts = [.. models.Drafts, .. arguments.Ngram ? [new NgramDraft()] : Array.Empty<IDraftModel>()];
        return OnThreadOfItsOwn(() => new ScenarioProbe(models.Target, drafts, arguments.Sampling).Gather(TextsOf(reference), cancellationToken), cancellationToken);
    }

    // One prompt of each domain, and as many as run at once, so that priors, pools and threads are what they will be.
    private async Task WarmUpAsync(ArmPipeline[] pipelines, ArmRecord[] records, CancellationToken cancellationToken)
    {
        int[] some = _all[..Math.Min(_all.Length, Math.Max(prompts.Domains.Count, arguments.Concurrency))];
        for (int i = 0; i < pipelines.Length; i++)
        {
            ProgressLine.Milestone($"warm-up: {named[i].Name}");
            Repetition warmUp = await new ArmRunner(pipelines[i], prompts).RunAsync(some, null, Show($"warm-up: {named[i].Name}"), cancellationToken);
            Sample first = warmUp.Samples[0];
            records[i].ColdTokensPerSecond = first.Result.Usage.CompletionTokens / first.Latency.TotalSeconds;
        }
    }

    private async Task TakeTurnsAtPromptsAsync(
        ArmPipeline[] pipelines, ArmRecord[] records, GenerationResult[] reference, CostProbe probe, int repetition, CancellationToken cancellationToken)
    {
        ProgressLine.Milestone($"repetition {repetition + 1} of {arguments.Repeat}");
        List<Sample>[] samples = [.. records.Select(_ => new List<Sample>(_all.Length))];
        foreach (int prompt in _all)
        {
            await MeasureCostsAsync(probe, prompt, reference[prompt], turns: _all.Length * arguments.Repeat, cancellationToken);
            foreach (int arm in ArmOrder.Of(pipelines.Length, repetition + prompt))
            {
                Repetition one = await new ArmRunner(pipelines[arm], prompts).RunAsync(
                    [prompt], reference, _ => Show($"repetition {repetition + 1} of {arguments.Repeat}: {named[arm].Name}")(prompt), cancellationToken);
                samples[arm].AddRange(one.Samples);
            }
        }

        for (int i = 0; i < records.Length; i++)
            records[i].Add(new Repetition(samples[i], TimeSpan.FromTicks(samples[i].Sum(sample => sample.Latency.Ticks))));
    }

    private async Task TakeTurnsAtRepetitionsAsync(
        ArmPipeline[] pipelines, ArmRecord[] records, GenerationResult[] reference, CostProbe probe, int repetition, CancellationToken cancellationToken)
    {
        ProgressLine.Milestone($"repetition {repetition + 1} of {arguments.Repeat}");
        foreach (int arm in ArmOrder.Of(pipelines.Length, repetition))
        {
            int prompt = probe.Passes % _all.Length;
            await MeasureCostsAsync(probe, prompt, reference[prompt], turns: records.Length * arguments.Repeat, cancellationToken);
            records[arm].Add(await new ArmRunner(pipelines[arm], prompts).RunAsync(
                _all, reference, Show($"repetition {repetition + 1} of {arguments.Repeat}: {named[arm].Name}"), cancellationToken));
        }
    }

    private Task MeasureCostsAsync(CostProbe probe, int prompt, GenerationResult answer, int turns, CancellationToken cancellationToken) =>
        PassAsync(probe, prompt, answer, passes: (LeastCostPasses + turns - 1) / turns, keep: true, cancellationToken);

    // The context of a round in the middle of the answer.
    private async Task PassAsync(CostProbe probe, int prompt, GenerationResult answer, int passes, bool keep, CancellationToken cancellationToken)
    {
        int[] text = [.. prompts.Ids(prompt), .. answer.TokenIds.Take(answer.TokenIds.Count / 2)];
        await OnThreadOfItsOwn(
            () =>
            {
                for (int i = 0; i < passes; i++)
                    probe.Pass(text, keep, cancellationToken);
                return probe.Passes;
            },
            cancellationToken);
    }

    // Models run on such threads in a pipeline, too.
    private static Task<T> OnThreadOfItsOwn<T>(Func<T> work, CancellationToken cancellationToken) =>
        Task.Factory.StartNew(work, cancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private Action<int> Show(string what) => prompt => ProgressLine.Show($"{what}, {prompt + 1} of {_all.Length}: {prompts.Prompts[prompt].Id}");
}
