using Microsoft.Extensions.DependencyInjection;
using Minions.Core;
using Minions.Extensions.AI.Templates;
using Quickstart.CommandLine;
using Quickstart.Measuring;
using Quickstart.Models;
using Quickstart.Prompts;
using Quickstart.Reporting;
using Spectre.Console;

namespace Quickstart;

/// <summary>Loads the models, answers the prompts and reports. Answers go to standard output, progress to standard error.</summary>
internal sealed class QuickstartRun(Arguments arguments, IServiceProvider services, IAnsiConsole output, IAnsiConsole error)
{
    private readonly ProgressLine _progress = new(error);

    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        ChatTemplateSet? templates = arguments.WantsTemplate ? TargetTemplates.Load(services) : null;
        IReadOnlyList<Prompt> prompts = PromptSource.Read(arguments, templates);

        SpeculativePipeline pipeline = services.GetRequiredService<SpeculativePipeline>();
        var comparison = new Comparison(pipeline, arguments.MaxTokens, arguments.Length);
        await _progress.SpinAsync("Loading the models", async () =>
        {
            await pipeline.LoadAsync(cancellationToken);
            await comparison.WarmUpAsync(prompts[0], cancellationToken);
        });
        if (templates is { IsPlain: true })
            error.Profile.Out.Writer.WriteLine("note: the target has no chat template, so prompts are taken as they are. --raw says the same without this note.");

        var report = new TerminalReport(output, pipeline.Info.DraftNames);
        List<PromptOutcome> outcomes = await AnswerAsync(comparison, prompts, report, cancellationToken);
        if (arguments.Json)
            output.Profile.Out.Writer.WriteLine(JsonReport.Of(outcomes));
        else
            report.Measurements(outcomes, pipeline.Info.Exactness);

        return outcomes.All(outcome => outcome.Identical) ? ExitCode.Success : Differing(outcomes, pipeline);
    }

    private async Task<List<PromptOutcome>> AnswerAsync(Comparison comparison, IReadOnlyList<Prompt> prompts, TerminalReport report, CancellationToken cancellationToken)
    {
        // The answers to a whole file of prompts are for the measurement, not for reading along.
        bool streams = !arguments.Json && arguments.PromptFile is null;
        if (streams)
            report.Legend();

        var outcomes = new List<PromptOutcome>(prompts.Count);
        foreach (Prompt prompt in prompts)
        {
            if (streams)
                report.Heading(prompt);
            else
                _progress.Show($"Measuring {outcomes.Count + 1} of {prompts.Count}: {prompt.Id}");
            try
            {
                outcomes.Add(await comparison.RunAsync(prompt, streams ? report.Token : null, cancellationToken));
            }
            finally
            {
                if (streams)
                    report.EndOfAnswer();
                else
                    _progress.Clear();
            }
        }

        return outcomes;
    }

    private int Differing(List<PromptOutcome> outcomes, SpeculativePipeline pipeline)
    {
        string ids = string.Join(", ", outcomes.Where(outcome => !outcome.Identical).Select(outcome => outcome.Prompt.Id));
        string reason = pipeline.Info.Exactness.IsGuaranteed ? "The pipeline promises identical texts here, so this is a bug." : $"The pipeline promises none here: {pipeline.Info.Exactness.Reason}";
        error.Profile.Out.Writer.WriteLine($"error: the speculative text differs from the target's own for {ids}. {reason}");
        return ExitCode.Failed;
    }
}
