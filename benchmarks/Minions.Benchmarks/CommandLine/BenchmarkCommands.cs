using System.CommandLine;
using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Running;
using Minions.Benchmarks.Coupling;
using Minions.Benchmarks.EndToEnd;
using Minions.Benchmarks.GreedyEquality;
using Minions.Benchmarks.Micro;
using Minions.Benchmarks.Models;
using Minions.Benchmarks.Overhead;
using Minions.Benchmarks.Packing;
using Minions.Benchmarks.Soak;
using Minions.Core.Pipeline;

namespace Minions.Benchmarks.CommandLine;

/// <summary>The commands and their arguments.</summary>
internal static class BenchmarkCommands
{
    private const int DefaultMaxTokens = 128;
    private const int DefaultCouplingTokens = 64;
    private const int DefaultOverheadPrompts = 4;
    private const int DefaultPackedRows = 4;

    public static RootCommand Root() =>
        new("What Minions.Core promises, measured: identical texts, a small share of its own in the wall time, speed against plain decoding, cheap parts.")
        {
            Exactness(), Coupling(), Overhead(), EndToEndOptions.Command(), GpuOptions.Command(), HeadOptions.Command(), ReplayOptions.Command(), Packing(), Soak(), StartupOptions.Command(), Micro(),
        };

    private static Command Exactness()
    {
        Option<string> models = Models();
        Option<int?> maxTokens = MaxTokens();
        Option<int?> limit = NumberOption.Of("--limit", null, "Most prompts of a domain. Default: all.");
        Option<double> temperature = TemperatureOption.Of(0);
        Option<int?> seeds = NumberOption.Of("--seeds", 1, "How many seeds, from 1 on, each prompt runs with at a temperature above 0.");

        var command = new Command("exactness", "Counts the texts that differ with speculation on and off. Exit code 1 when one does.") { models, maxTokens, limit, temperature, seeds };
        command.SetAction((parsed, cancellationToken) => new ExactnessCommand(
            RepositoryModels.Named(parsed.GetRequiredValue(models)),
            parsed.GetValue(maxTokens) ?? DefaultMaxTokens,
            parsed.GetValue(limit) ?? int.MaxValue,
            SeededSampling.Of(parsed.GetValue(temperature), parsed.GetValue(seeds) ?? 1)).RunAsync(cancellationToken));
        return command;
    }

    private static Command Coupling()
    {
        Option<string> models = Models();
        Option<int?> maxTokens = NumberOption.Of("--max-tokens", DefaultCouplingTokens, "Most tokens to generate for a prompt.");
        Option<int?> limit = NumberOption.Of("--limit", null, "Most prompts of a domain. Default: all.");
        Option<double> temperature = TemperatureOption.Of(0.8);
        Option<int?> seeds = NumberOption.Of("--seeds", 1, "How many seeds, from 1 on, each prompt runs with.");
        temperature.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<double>() == 0)
                result.AddError("--temperature: greedy choices need no noise; give a temperature above 0.");
        });

        var command = new Command("coupling", "Tells for each draft alone what noise shared with the target is worth, and what any coupling could reach.") { models, maxTokens, limit, temperature, seeds };
        command.SetAction((parsed, cancellationToken) => new CouplingCommand(
            RepositoryModels.Named(parsed.GetRequiredValue(models)),
            parsed.GetValue(maxTokens) ?? DefaultCouplingTokens,
            parsed.GetValue(limit) ?? int.MaxValue,
            SeededSampling.Of(parsed.GetValue(temperature), parsed.GetValue(seeds) ?? 1)).RunAsync(cancellationToken));
        return command;
    }

    private static Command Overhead()
    {
        Option<int?> maxTokens = MaxTokens();
        Option<int?> limit = NumberOption.Of("--limit", DefaultOverheadPrompts, "Most prompts of a domain.");
        Option<int?> concurrency = NumberOption.Of("--concurrency", 1, "Requests at once.");
        int most = new PipelineOptions().MaxConcurrentRequests;
        concurrency.Validators.Add(result =>
        {
            if (result.Tokens.Count == 1 && int.TryParse(result.Tokens[0].Value, out int number) && number > most)
                result.AddError($"--concurrency: '{number}' is more than the {most} requests that the pipeline works on at once.");
        });

        var command = new Command("overhead", "Measures the share of wall time in which no model runs. Exit code 1 above the bound.") { maxTokens, limit, concurrency };
        command.SetAction((parsed, cancellationToken) => new OverheadCommand(
            parsed.GetValue(maxTokens) ?? DefaultMaxTokens,
            parsed.GetValue(limit) ?? DefaultOverheadPrompts,
            parsed.GetValue(concurrency) ?? 1).RunAsync(cancellationToken));
        return command;
    }

    private static Command Soak()
    {
        var models = new Option<string>("--models") { HelpName = "smollm2|family", Description = "Which models to keep busy.", DefaultValueFactory = _ => "smollm2" };
        models.AcceptOnlyFromAmong("smollm2", "family");
        Option<int?> minutes = NumberOption.Of("--minutes", 10, "How long. Memory is judged from the third minute on.");
        Option<int?> concurrency = NumberOption.Of("--concurrency", 8, "Callers at once.");

        var command = new Command("soak", "Keeps a pipeline busy and looks for lost, stuck or wrong requests and growing memory. Exit code 1 for any.") { models, minutes, concurrency };
        command.SetAction((parsed, cancellationToken) => new SoakCommand(
            RepositoryModels.Named(parsed.GetRequiredValue(models))[0],
            TimeSpan.FromMinutes(parsed.GetValue(minutes) ?? 10),
            parsed.GetValue(concurrency) ?? 8).RunAsync(cancellationToken));
        return command;
    }

    private static Command Packing()
    {
        var models = new Option<string>("--models") { HelpName = "smollm2|family", Description = "Whose target to run.", DefaultValueFactory = _ => "smollm2" };
        models.AcceptOnlyFromAmong("smollm2", "family");
        Option<int?> rows = NumberOption.Of("--rows", DefaultPackedRows, "Rows to verify of each request.");

        var command = new Command("packing", "Measures verifications of several requests in one run, and the memory of the sessions for that. Exit code 1 above the bound.")
        {
            models, rows,
        };
        command.SetAction((parsed, cancellationToken) => new PackingCommand(
            RepositoryModels.Named(parsed.GetRequiredValue(models))[0],
            parsed.GetValue(rows) ?? DefaultPackedRows).RunAsync(cancellationToken));
        return command;
    }

    private static Command Micro()
    {
        var command = new Command("micro", "Runs BenchmarkDotNet over the library's parts. Arguments go to BenchmarkDotNet; without any, all benchmarks run.")
        {
            TreatUnmatchedTokensAsErrors = false,
        };
        command.SetAction(parsed =>
        {
            string[] passed = [.. parsed.UnmatchedTokens];

            // Without a filter, BenchmarkDotNet would ask on the console which benchmarks are meant.
            if (!passed.Any(argument => argument is "--filter" or "-f" or "--list"))
                passed = [.. passed, "--filter", "*"];
            // Whatever is there: a list would be forgotten.
            Type[] benchmarks = [.. typeof(VoteBenchmarks).Assembly.GetTypes().Where(type => type.GetMethods().Any(method => method.IsDefined(typeof(BenchmarkAttribute), inherit: false)))];
            bool failed = BenchmarkSwitcher.FromTypes(benchmarks)
                .Run(passed)
                .Any(summary => summary.HasCriticalValidationErrors || summary.Reports.Any(report => !report.Success));
            return failed ? ExitCode.BoundMissed : ExitCode.Success;
        });
        return command;
    }

    private static Option<string> Models()
    {
        var models = new Option<string>("--models") { HelpName = "smollm2|family|all", Description = "Whose prompts to run.", DefaultValueFactory = _ => "all" };
        models.AcceptOnlyFromAmong("smollm2", "family", "all");
        return models;
    }

    private static Option<int?> MaxTokens() => NumberOption.Of("--max-tokens", DefaultMaxTokens, "Most tokens to generate for a prompt.");
}
