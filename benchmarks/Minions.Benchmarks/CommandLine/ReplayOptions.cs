using System.CommandLine;
using System.Globalization;
using Minions.Benchmarks.Models;
using Minions.Benchmarks.Replay;
using Minions.Core.Sampling;

namespace Minions.Benchmarks.CommandLine;

/// <summary>The <c>replay</c> command and its arguments.</summary>
internal static class ReplayOptions
{
    private const int DefaultMaxTokens = 128;
    private const int DefaultWarmUp = 4;

    public static Command Command()
    {
        var models = new Option<string>("--models") { HelpName = "smollm2|family", Description = "Whose rounds to record.", DefaultValueFactory = _ => "smollm2" };
        models.AcceptOnlyFromAmong("smollm2", "family");
        var file = new Option<string?>("--file") { HelpName = "FILE", Description = "Where the recording is kept: recorded if it does not exist, else used as it is. Default: in the temporary folder, one for each set of recording arguments." };
        var again = new Option<bool>("--record") { Description = "Record again." };
        Option<int?> maxTokens = NumberOption.Of("--max-tokens", DefaultMaxTokens, "Most tokens of an answer, when recording.");
        Option<int?> limit = NumberOption.Of("--limit", null, "Most prompts of a domain, when recording. Default: all.");
        var temperature = new Option<double>("--temperature") { HelpName = "T", Description = "Temperature of the answers, when recording; 0 is greedy.", DefaultValueFactory = _ => 0 };
        temperature.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<double>() is not (>= 0 and <= 10))
                result.AddError("--temperature must lie between 0 and 10.");
        });
        var seed = new Option<ulong>("--seed") { HelpName = "S", Description = "Seed of the answers, when recording.", DefaultValueFactory = _ => 1 };
        Option<int?> warmUp = NumberOption.Of("--warm-up", DefaultWarmUp, "Requests that a controller sees before those that count.");
        Option<double[]?> runs = Milliseconds("--run-ms", "Times of target runs of 1, 2, 3, ... rows in place of the recorded ones; further rows cost the mean of the last steps.");
        Option<double[]?> steps = Milliseconds("--step-ms", "Times of a step of 1, 2, 3, ... drafts side by side in place of the recorded ones.");
        Option<double[]?> starts = Milliseconds("--start-ms", "Times that the first step of 1, 2, 3, ... drafts in a round takes beyond that, in place of the recorded ones.");
        var noise = new Option<bool>("--noise") { Description = "Let controllers see times as a busy machine gives them." };
        var sweep = new Option<string[]>("--sweep")
        {
            HelpName = "NAME...",
            Description = "Instead of comparing rules, tell goodput's speed with these numbers of its policy halved and doubled; without names with each of them.",
            Arity = ArgumentArity.ZeroOrMore,
            AllowMultipleArgumentsPerToken = true,
        };
        var agreement = new Option<bool>("--agreement") { Description = "Instead of comparing rules, tell for each draft what its speculation.json would hold." };
        sweep.AcceptOnlyFromAmong([.. TuningNumber.All.Select(number => number.Name)]);

        var command = new Command("replay", "Compares rules for drafts and lengths over recorded rounds in virtual time. Exit code 1 when a bound is missed.")
        {
            models, file, again, maxTokens, limit, temperature, seed, warmUp, runs, steps, starts, noise, sweep, agreement,
        };
        command.SetAction((parsed, cancellationToken) =>
        {
            string name = parsed.GetRequiredValue(models);
            int most = parsed.GetValue(maxTokens) ?? DefaultMaxTokens;
            int prompts = parsed.GetValue(limit) ?? int.MaxValue;
            var sampling = new SamplingOptions { Temperature = parsed.GetValue(temperature), Seed = parsed.GetValue(seed) };
            string drawn = sampling.IsGreedy ? "greedy" : FormattableString.Invariant($"{sampling.Temperature}-{sampling.Seed}");
            return new ReplayCommand(new ReplaySettings(
                RepositoryModels.Named(name)[0],
                parsed.GetValue(file) ?? Path.Combine(Path.GetTempPath(), $"minions-replay-{name}-{most}-{(prompts == int.MaxValue ? "all" : prompts)}-{drawn}.bin"),
                parsed.GetValue(again),
                most,
                prompts,
                sampling,
                new ReplayConditions(parsed.GetValue(noise), parsed.GetValue(warmUp) ?? DefaultWarmUp),
                Given(parsed, runs),
                Given(parsed, steps),
                Given(parsed, starts),
                Numbers(parsed, sweep),
                parsed.GetValue(agreement))).RunAsync(cancellationToken);
        });
        return command;
    }

    private static IReadOnlyList<TuningNumber>? Numbers(ParseResult parsed, Option<string[]> sweep)
    {
        if (parsed.GetResult(sweep) is null or { Implicit: true })
            return null;

        string[] names = parsed.GetValue(sweep) ?? [];
        return names.Length == 0 ? TuningNumber.All : [.. TuningNumber.All.Where(number => names.Contains(number.Name))];
    }

    // A list that is left out is empty, not null.
    private static double[]? Given(ParseResult parsed, Option<double[]?> times) => parsed.GetValue(times) is { Length: > 0 } given ? given : null;

    private static Option<double[]?> Milliseconds(string name, string description) => new(name)
    {
        HelpName = "N,N,...",
        Description = description,
        CustomParser = result =>
        {
            string[] parts = result.Tokens[0].Value.Split(',');
            double[] times = [.. parts.Select(part => double.TryParse(part, NumberStyles.Float, CultureInfo.InvariantCulture, out double time) ? time : 0)];
            if (times.Any(time => time is not (> 0 and < 1e6)))
                result.AddError($"{name}: '{result.Tokens[0].Value}' is not a list of times above 0, with commas in between.");
            return times;
        },
    };
}
