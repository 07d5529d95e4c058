using System.CommandLine;
using Minions.Benchmarks.Gpu;

namespace Minions.Benchmarks.CommandLine;

/// <summary>The <c>gpu</c> command and its arguments.</summary>
internal static class GpuOptions
{
    public static Command Command()
    {
        var target = new Option<string?>("--target") { HelpName = "DIR", Description = "Folder of a target of yours. Default: the models of the repository, one of them in float16." };
        var drafts = new Option<string[]>("--draft") { HelpName = "DIR", Description = "Folders of its drafts.", AllowMultipleArgumentsPerToken = true };
        var heads = new Option<string[]>("--head") { HelpName = "DIR", Description = "Folders of its heads.", AllowMultipleArgumentsPerToken = true };
        var prompts = new Option<string?>("--prompts") { HelpName = "FILE", Description = "JSON Lines file of prompts, as for e2e; needed with --target." };
        Option<int?> limit = NumberOption.Of("--limit", GpuArguments.DefaultLimit, "Most prompts of a domain.");
        Option<int?> maxTokens = NumberOption.Of("--max-tokens", GpuArguments.DefaultMaxTokens, "Most tokens to generate for a prompt.");
        Option<int?> repeat = NumberOption.Of("--repeat", GpuArguments.DefaultRepeat, "How often every arm answers every prompt.");
        var json = new Option<string?>("--json") { HelpName = "FILE", Description = "Write everything to a file, to send back; with '-' to standard output, and the summary to standard error." };
        var providers = new ProviderOptions("cuda");

        var command = new Command("gpu", "Checks the library on a GPU: where models run, the probe, costs by width, the same choices as on the CPU, speed and memory. Exit code 3 without a GPU.")
        {
            target, drafts, heads, prompts, limit, maxTokens, repeat, json,
        };
        providers.AddTo(command);
        command.SetAction((parsed, cancellationToken) => new GpuCommand(new GpuArguments
        {
            Target = parsed.GetValue(target),
            Drafts = parsed.GetValue(drafts) ?? [],
            Heads = parsed.GetValue(heads) ?? [],
            Prompts = parsed.GetValue(prompts),
            Limit = parsed.GetValue(limit) ?? GpuArguments.DefaultLimit,
            MaxTokens = parsed.GetValue(maxTokens) ?? GpuArguments.DefaultMaxTokens,
            Repeat = parsed.GetValue(repeat) ?? GpuArguments.DefaultRepeat,
            Json = parsed.GetValue(json),
            Providers = providers.Read(parsed),
        }).RunAsync(cancellationToken));
        return command;
    }
}
