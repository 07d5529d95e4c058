using System.CommandLine;
using System.Globalization;
using Minions.Benchmarks.Models;
using Minions.Benchmarks.Replay;

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
        var file = new Option<string?>("--file") { HelpName = "FILE", Description = "Where the recording is kept: recorded if it does not exist. Default: in the temporary folder." };
        var again = new Option<bool>("--record") { Description = "Record again." };
        Option<int?> maxTokens = NumberOption.Of("--max-tokens", DefaultMaxTokens, "Most tokens of an answer, when recording.");
        Option<int?> limit = NumberOption.Of("--limit", null, "Most prompts of a domain, when recording. Default: all.");
        Option<int?> warmUp = NumberOption.Of("--warm-up", DefaultWarmUp, "Requests that a controller sees before those that count.");
        Option<double[]?> runs = Milliseconds("--run-ms", "Times of target runs of 1, 2, 3, ... rows in place of the recorded ones; further rows cost the mean of the last steps.");
        Option<double[]?> steps = Milliseconds("--step-ms", "Times of a step of 1, 2, 3, ... drafts side by side in place of the recorded ones.");
        var noise = new Option<bool>("--noise") { Description = "Let controllers see times as a busy machine gives them." };

        var command = new Command("replay", "Compares speculation lengths over recorded rounds in virtual time. Exit code 1 when a bound is missed.")
        {
            models, file, again, maxTokens, limit, warmUp, runs, steps, noise,
        };
        command.SetAction((parsed, cancellationToken) =>
        {
            string name = parsed.GetRequiredValue(models);
            return new ReplayCommand(new ReplaySettings(
                RepositoryModels.Named(name)[0],
                parsed.GetValue(file) ?? Path.Combine(Path.GetTempPath(), $"minions-replay-{name}.bin"),
                parsed.GetValue(again),
                parsed.GetValue(maxTokens) ?? DefaultMaxTokens,
                parsed.GetValue(limit) ?? int.MaxValue,
                parsed.GetValue(warmUp) ?? DefaultWarmUp,
                parsed.GetValue(runs),
                parsed.GetValue(steps),
                parsed.GetValue(noise))).RunAsync(cancellationToken);
        });
        return command;
    }

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
