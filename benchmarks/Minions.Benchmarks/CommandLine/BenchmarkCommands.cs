using System.CommandLine;
using BenchmarkDotNet.Running;
using Minions.Benchmarks.GreedyEquality;
using Minions.Benchmarks.Micro;
using Minions.Benchmarks.Models;
using Minions.Benchmarks.Overhead;
using Minions.Benchmarks.Packing;
using Minions.Benchmarks.Soak;

namespace Minions.Benchmarks.CommandLine;

/// <summary>The commands and their arguments.</summary>
internal static class BenchmarkCommands
{
    private const int DefaultMaxTokens = 128;
    private const int DefaultOverheadPrompts = 4;
    private const int DefaultPackedRows = 4;

    public static RootCommand Root() =>
        new("What Minions.Core promises, measured: identical texts, a small share of its own in the wall time, cheap parts.") { Exactness(), Overhead(), Packing(), Soak(), Micro() };

    private static Command Exactness()
    {
        var models = new Option<string>("--models") { HelpName = "smollm2|family|all", Description = "Whose prompts to run.", DefaultValueFactory = _ => "all" };
        models.AcceptOnlyFromAmong("smollm2", "family", "all");
        Option<int?> maxTokens = MaxTokens();
        Option<int?> limit = NumberOption.Of("--limit", null, "Most prompts of a domain. Default: all.");

        var command = new Command("exactness", "Counts the texts that differ with speculation on and off. Exit code 1 when one does.") { models, maxTokens, limit };
        command.SetAction((parsed, cancellationToken) => new ExactnessCommand(
            RepositoryModels.Named(parsed.GetRequiredValue(models)),
            parsed.GetValue(maxTokens) ?? DefaultMaxTokens,
            parsed.GetValue(limit) ?? int.MaxValue).RunAsync(cancellationToken));
        return command;
    }

    private static Command Overhead()
    {
        Option<int?> maxTokens = MaxTokens();
        Option<int?> limit = NumberOption.Of("--limit", DefaultOverheadPrompts, "Most prompts of a domain.");

        var command = new Command("overhead", "Measures the share of wall time in which no model runs. Exit code 1 above the bound.") { maxTokens, limit };
        command.SetAction((parsed, cancellationToken) => new OverheadCommand(
            parsed.GetValue(maxTokens) ?? DefaultMaxTokens,
            parsed.GetValue(limit) ?? DefaultOverheadPrompts).RunAsync(cancellationToken));
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
            bool failed = BenchmarkSwitcher.FromTypes([typeof(VoteBenchmarks), typeof(GreedySelectionBenchmarks), typeof(RoundBenchmarks)])
                .Run(passed)
                .Any(summary => summary.HasCriticalValidationErrors || summary.Reports.Any(report => !report.Success));
            return failed ? ExitCode.BoundMissed : ExitCode.Success;
        });
        return command;
    }

    private static Option<int?> MaxTokens() => NumberOption.Of("--max-tokens", DefaultMaxTokens, "Most tokens to generate for a prompt.");
}
