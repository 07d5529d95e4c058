using Minions.Benchmarks.EndToEnd.Arms;
using Minions.Benchmarks.EndToEnd.Costs;
using Minions.Benchmarks.EndToEnd.Scenarios;
using Minions.Benchmarks.Models;
using Minions.Benchmarks.Reporting;
using Minions.Core;
using Minions.Core.Drafting.Ngram;

namespace Minions.Benchmarks.EndToEnd.Measuring;

/// <summary>
/// The schedule: the references once, a warm-up of every arm, then the repetitions. With one request at a time the arms take turns at every
/// prompt; with more, at every repetition. Costs of runs are measured between turns.
/// </summary>
internal sealed class Bench(EndToEndArguments arguments, IReadOnlyList<Arm> named, LoadedModels models, GenAIModels? genAI, PromptTexts prompts)
{
    private const int LeastCostPasses = 9;

    private readonly int[] _all = [.. Enumerable.Range(0, prompts.Prompts.Count)];

    public async Task<Measurements> RunAsync(CancellationToken cancellationToken)
    {
        References references = await ReferencesAsync(cancellationToken);
        string? bestSingle = named.Any(arm => arm.Panel.BestSingle) ? await FindBestSingleAsync(references.Own, cancellationToken) : null;
        Arm[] arms = [.. named.Select(arm => arm.Panel.BestSingle ? arm with { Panel = arm.Panel.With(new ArmPanel { Names = [bestSingle!] }) } : arm)];
        ArmRecord[] records = [.. arms.Select(arm => new ArmRecord(arm, prompts.Domains.Count))];
        ScenarioFacts? facts = arms.Any(arm => arm.Scenario is not null) ? await GatherFactsAsync(references.Own, cancellationToken) : null;
        IArmEngine[] engines = [.. arms.Select(arm => Engine(arm, facts))];
        try
        {
            int longest = arms.Max(arm => arm.Length?.FixedLength) ?? 0;
            bool hasHead = arms.Any(arm => arm.Speculates && models.Heads.Any(head => arm.Panel.Includes(head.Name, isHead: true)));
            using var probe = new CostProbe(models.Target, longest + 1, arms.Any(arm => arm.Packs) ? arguments.Concurrency : 1, hasHead ? models.Heads : []);

            // First, since what packs several requests into a run is made in the background when it is first asked for.
            await PassAsync(probe, prompt: 0, references.Own[0], passes: 1, keep: false, cancellationToken);
            await WarmUpAsync(engines, records, cancellationToken);
            for (int i = 0; i < records.Length; i++)
                engines[i].CountRoundsIn(records[i].Rounds);
            for (int repetition = 0; repetition < arguments.Repeat; repetition++)
            {
                if (arguments.Concurrency == 1)
                    await TakeTurnsAtPromptsAsync(engines, records, references, probe, repetition, cancellationToken);
                else
                    await TakeTurnsAtRepetitionsAsync(engines, records, references, probe, repetition, cancellationToken);
            }

            return new Measurements(prompts, records, probe.Costs(), facts?.TargetStep, bestSingle);
        }
        finally
        {
            ProgressLine.Clear();
            foreach (IArmEngine engine in engines)
                await engine.DisposeAsync();
        }
    }

    private IArmEngine Engine(Arm arm, ScenarioFacts? facts = null) => arm.GenAI is { } decoding
        ? new GenAIEngine(arm, decoding, genAI!.For(decoding), arguments.MaxTokens, models.Target.ContextLength)
        : new ArmPipeline(arm, models, arm.TargetIsGenAI ? genAI!.Verifier! : models.Target, arguments, prompts, facts);

    private async Task<References> ReferencesAsync(CancellationToken cancellationToken)
    {
        ProgressLine.Milestone("the target's own texts");
        Answer[] own = await TextsAsync(ArmCatalogue.Reference, cancellationToken);
        if (genAI is null)
            return new References(own);

        // GenAI draws ids in its own way, to which nothing is alike.
        ProgressLine.Milestone("the texts of GenAI's target");
        return new References(
            own,
            arguments.Temperature > 0 ? null : await TextsAsync(ArmCatalogue.GenAIReference, cancellationToken),
            genAI.Verifier is null ? null : await TextsAsync(ArmCatalogue.Reference with { TargetIsGenAI = true }, cancellationToken));
    }

    private async Task<Answer[]> TextsAsync(Arm arm, CancellationToken cancellationToken)
    {
        await using IArmEngine engine = Engine(arm with { IsSerial = true });
        Repetition texts = await new ArmRunner(engine, prompts).RunAsync(_all, null, Show("reference"), cancellationToken);
        return [.. texts.Samples.Select(sample => sample.Answer)];
    }

    private Task<string> FindBestSingleAsync(IReadOnlyList<Answer> reference, CancellationToken cancellationToken)
    {
        ProgressLine.Milestone("which draft is the best alone");
        IReadOnlyList<IDraftModel> drafts = [.. models.Drafts.Where(draft => !draft.ReadsStates)];
        return OnThreadOfItsOwn(() => new BestSingleDraft(models.Target, drafts, arguments.Sampling).Find(TextsOf(reference), cancellationToken), cancellationToken);
    }

    private IReadOnlyList<(int[] Prompt, int[] Answer)> TextsOf(IReadOnlyList<Answer> reference) => [.. reference.Select((answer, prompt) => (prompts.Ids(prompt), (int[])[.. answer.TokenIds]))];

    private Task<ScenarioFacts> GatherFactsAsync(IReadOnlyList<Answer> reference, CancellationToken cancellationToken)
    {
        ProgressLine.Milestone("what the drafts of scenarios need to know");
        IReadOnlyList<IDraftModel> drafts = [.. models.Drafts, .. arguments.Ngram ? [new NgramDraft()] : Array.Empty<IDraftModel>()];
        return OnThreadOfItsOwn(() => new ScenarioProbe(models.Target, drafts, arguments.Sampling).Gather(TextsOf(reference), cancellationToken), cancellationToken);
    }

    // One prompt of each domain, and as many as run at once, so that priors, pools and threads are what they will be.
    private async Task WarmUpAsync(IArmEngine[] engines, ArmRecord[] records, CancellationToken cancellationToken)
    {
        int[] some = _all[..Math.Min(_all.Length, Math.Max(prompts.Domains.Count, arguments.Concurrency))];
        for (int i = 0; i < engines.Length; i++)
        {
            ProgressLine.Milestone($"warm-up: {named[i].Name}");
            Repetition warmUp = await new ArmRunner(engines[i], prompts).RunAsync(some, null, Show($"warm-up: {named[i].Name}"), cancellationToken);
            Sample first = warmUp.Samples[0];
            records[i].ColdTokensPerSecond = first.Answer.TokenIds.Count / first.Latency.TotalSeconds;
        }
    }

    private async Task TakeTurnsAtPromptsAsync(
        IArmEngine[] engines, ArmRecord[] records, References references, CostProbe probe, int repetition, CancellationToken cancellationToken)
    {
        ProgressLine.Milestone($"repetition {repetition + 1} of {arguments.Repeat}");
        List<Sample>[] samples = [.. records.Select(_ => new List<Sample>(_all.Length))];
        foreach (int prompt in _all)
        {
            await MeasureCostsAsync(probe, prompt, references.Own[prompt], turns: _all.Length * arguments.Repeat, cancellationToken);
            foreach (int arm in ArmOrder.Of(engines.Length, repetition + prompt))
            {
                Repetition one = await new ArmRunner(engines[arm], prompts).RunAsync(
                    [prompt], references, _ => Show($"repetition {repetition + 1} of {arguments.Repeat}: {named[arm].Name}")(prompt), cancellationToken);
                samples[arm].AddRange(one.Samples);
            }
        }

        for (int i = 0; i < records.Length; i++)
            records[i].Add(new Repetition(samples[i], TimeSpan.FromTicks(samples[i].Sum(sample => sample.Latency.Ticks))));
    }

    private async Task TakeTurnsAtRepetitionsAsync(
        IArmEngine[] engines, ArmRecord[] records, References references, CostProbe probe, int repetition, CancellationToken cancellationToken)
    {
        ProgressLine.Milestone($"repetition {repetition + 1} of {arguments.Repeat}");
        foreach (int arm in ArmOrder.Of(engines.Length, repetition))
        {
            int prompt = probe.Passes % _all.Length;
            await MeasureCostsAsync(probe, prompt, references.Own[prompt], turns: records.Length * arguments.Repeat, cancellationToken);
            records[arm].Add(await new ArmRunner(engines[arm], prompts).RunAsync(
                _all, references, Show($"repetition {repetition + 1} of {arguments.Repeat}: {named[arm].Name}"), cancellationToken));
        }
    }

    private Task MeasureCostsAsync(CostProbe probe, int prompt, Answer answer, int turns, CancellationToken cancellationToken) =>
        PassAsync(probe, prompt, answer, passes: (LeastCostPasses + turns - 1) / turns, keep: true, cancellationToken);

    // The context of a round in the middle of the answer.
    private async Task PassAsync(CostProbe probe, int prompt, Answer answer, int passes, bool keep, CancellationToken cancellationToken)
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
