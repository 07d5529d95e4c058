using System.CommandLine;
using System.Globalization;
using Minions.Benchmarks.CommandLine;
using Minions.Benchmarks.EndToEnd.Arms;
using Minions.Core.Speculation;

namespace Minions.Benchmarks.EndToEnd;

/// <summary>The command line of <c>e2e</c>: its options, their ranges and their help.</summary>
internal sealed class EndToEndOptions
{
    private readonly Option<string?> _target = Text("--target", "DIR", "Folder of the target. Default: the embedded SmolLM2-135M-Instruct with its head and drafts.");
    private readonly Option<string[]> _drafts = new("--draft")
    {
        HelpName = "DIR",
        Description = "Folders of drafts, told apart by the folders' names.",
        AllowMultipleArgumentsPerToken = true,
    };

    private readonly Option<string[]> _heads = new("--head")
    {
        HelpName = "DIR",
        Description = "Folders of heads, drafts that read the target's states; told apart by the folders' names.",
        AllowMultipleArgumentsPerToken = true,
    };

    private readonly Option<string?> _prompts = Text("--prompts", "FILE", "JSON Lines file of prompts: field 'prompt', taken as it is with special tokens parsed; 'id' and 'domain' where present. Default: the embedded models' prompts.");
    private readonly Option<int?> _limit = NumberOption.Of("--limit", EndToEndArguments.DefaultLimit, "Most prompts of a domain; they are taken from the domains in turn.");
    private readonly Option<int?> _maxTokens = NumberOption.Of("--max-tokens", EndToEndArguments.DefaultMaxTokens, "Most tokens to generate for a prompt.");
    private readonly Option<double> _temperature = new("--temperature") { HelpName = "T", Description = "Temperature of sampling; 0 decodes greedily. Default: 0." };
    private readonly Option<ulong> _seed = new("--seed") { HelpName = "S", Description = "Seed of every request's sampling. Default: 0." };
    private readonly Option<LengthRule?> _length = new("--length") { HelpName = "N|trend|moving|goodput", Description = "Length rule of every arm whose name sets none. Default: the library's." };
    private readonly Option<DraftSelection> _panel = new("--panel")
    {
        HelpName = "auto|all",
        Description = "Whether the drafts that earn their time run, or every draft in every round. Default: auto.",
    };

    private readonly Option<int?> _concurrency = NumberOption.Of("--concurrency", 1, "Requests in flight.");
    private readonly Option<string?> _arms = Text("--arms", "LIST", $"What to measure, separated by commas: {ArmCatalogue.Known}, or several of them joined by '+' that do not contradict each other. Default: plain, plain-identical, every draft alone and vote.");
    private readonly Option<int?> _repeat = NumberOption.Of("--repeat", EndToEndArguments.DefaultRepeat, "How often every arm answers every prompt.");
    private readonly Option<string?> _json = Text("--json", "FILE", "Write the figures to a file; with '-' to standard output, and the table to standard error.");
    private readonly Option<bool> _ngram = new("--ngram") { Description = "The n-gram voter takes part in every arm that speculates." };

    private readonly ProviderOptions _providers = new("cpu for the embedded models, auto for others");

    private EndToEndOptions()
    {
        _temperature.CustomParser = result => Parse(result.Tokens[0].Value, "--temperature", "a number from 0 on", result.AddError,
            (string typed, out double value) => double.TryParse(typed, NumberStyles.Float, CultureInfo.InvariantCulture, out value) && double.IsFinite(value) && value >= 0);
        _seed.CustomParser = result => Parse(result.Tokens[0].Value, "--seed", "a whole number from 0 on", result.AddError,
            (string typed, out ulong value) => ulong.TryParse(typed, NumberStyles.None, CultureInfo.InvariantCulture, out value));
        _length.CustomParser = result => Parse(result.Tokens[0].Value, "--length", $"known: {LengthRule.Known}", result.AddError,
            (string typed, out LengthRule? value) => (value = LengthRule.Find(typed)) is not null);
        _panel.CustomParser = result => Parse(result.Tokens[0].Value, "--panel", "auto or all", result.AddError,
            (string typed, out DraftSelection panel) => (panel = typed == "all" ? DraftSelection.All : DraftSelection.Auto) == DraftSelection.All || typed == "auto");
    }

    private delegate bool Reading<T>(string typed, out T? value);

    /// <summary>The command, which runs the bench when invoked.</summary>
    public static Command Command()
    {
        var options = new EndToEndOptions();
        var command = new Command("e2e", "Measures ways to decode against each other and against their bounds. Exit code 1 when a promised text differs.")
        {
            options._target, options._drafts, options._heads, options._prompts, options._limit, options._maxTokens, options._temperature, options._seed,
            options._length, options._panel, options._concurrency, options._arms, options._repeat, options._json, options._ngram,
        };
        options._providers.AddTo(command);
        command.SetAction((parsed, cancellationToken) => new EndToEndCommand(options.Read(parsed)).RunAsync(cancellationToken));
        return command;
    }

    private EndToEndArguments Read(ParseResult parsed) => new()
    {
        Target = parsed.GetValue(_target),
        Drafts = parsed.GetValue(_drafts) ?? [],
        Heads = parsed.GetValue(_heads) ?? [],
        Prompts = parsed.GetValue(_prompts),
        Limit = parsed.GetValue(_limit) ?? EndToEndArguments.DefaultLimit,
        MaxTokens = parsed.GetValue(_maxTokens) ?? EndToEndArguments.DefaultMaxTokens,
        Temperature = parsed.GetValue(_temperature),
        Seed = parsed.GetValue(_seed),
        Length = parsed.GetValue(_length),
        Panel = parsed.GetValue(_panel),
        Concurrency = parsed.GetValue(_concurrency) ?? 1,
        Arms = parsed.GetValue(_arms),
        Repeat = parsed.GetValue(_repeat) ?? EndToEndArguments.DefaultRepeat,
        Json = parsed.GetValue(_json),
        Ngram = parsed.GetValue(_ngram),
        Providers = _providers.Read(parsed),
    };

    private static Option<string?> Text(string name, string helpName, string description) => new(name) { HelpName = helpName, Description = description };

    private static T? Parse<T>(string typed, string option, string expected, Action<string> refuse, Reading<T> read)
    {
        if (read(typed, out T? value))
            return value;

        refuse($"{option}: '{typed}' is not {expected}.");
        return default;
    }
}
