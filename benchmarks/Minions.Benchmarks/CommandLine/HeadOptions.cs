using System.CommandLine;
using Minions.Benchmarks.Heads;

namespace Minions.Benchmarks.CommandLine;

/// <summary>The <c>head</c> command and its arguments.</summary>
internal static class HeadOptions
{
    public static Command Command()
    {
        var folder = new Argument<string>("FOLDER") { Description = "The head's folder: its ONNX file and head_config.json; or a target's own whose genai_config.json has a model.mtp section." };
        var target = new Option<string?>("--target") { HelpName = "DIR", Description = "Folder of the target. Default: the embedded SmolLM2-135M-Instruct." };
        var prompts = new Option<string?>("--prompts")
        {
            HelpName = "FILE",
            Description = "JSON Lines file of prompts: field 'prompt', taken as it is with special tokens parsed; 'id' and 'domain' where present. Default: the embedded models' prompts.",
        };
        Option<int?> limit = NumberOption.Of("--limit", null, "Most prompts of a domain. Default: all.");
        Option<int?> maxTokens = NumberOption.Of("--max-tokens", HeadArguments.DefaultMaxTokens, "Most tokens of an answer.");
        Option<int?> window = NumberOption.Of("--window", null, "Begin every chain anew with the states of the newest N positions only. Default: all that came before.");
        var json = new Option<string?>("--json") { HelpName = "FILE", Description = "Write the figures to a file; with '-' to standard output, and the tables to standard error." };
        var command = new Command("head", "Checks a head: whether it fits its target, how often it is right by step of its chain, what it costs and may bring. Exit code 2 when it does not fit.")
        {
            folder, target, prompts, limit, maxTokens, window, json,
        };
        command.SetAction((parsed, cancellationToken) => new HeadCommand(new HeadArguments
        {
            Folder = parsed.GetRequiredValue(folder),
            Target = parsed.GetValue(target),
            Prompts = parsed.GetValue(prompts),
            Limit = parsed.GetValue(limit) ?? int.MaxValue,
            MaxTokens = parsed.GetValue(maxTokens) ?? HeadArguments.DefaultMaxTokens,
            Window = parsed.GetValue(window) ?? 0,
            Json = parsed.GetValue(json),
        }).RunAsync(cancellationToken));
        return command;
    }
}
