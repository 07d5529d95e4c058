#pragma warning disable IDE0065 // The README shows its usings with the code.
// <example>
using Microsoft.Extensions.DependencyInjection;
using Minions.Core;

// </example>
namespace Quickstart.Tests.Documentation;

/// <summary>The code of the README, compiled and run. What stands between the markers is compared with the page, line by line.</summary>
internal static class ReadmeExample
{
    public static async Task RunAsync()
    {
        // <example>
        var services = new ServiceCollection();
        services.AddMinions().UseDemoModels();
        await using var provider = services.BuildServiceProvider();
        var pipeline = provider.GetRequiredService<SpeculativePipeline>();
        var answer = pipeline.StreamAsync("<|im_start|>user\nWhy is the sky blue?<|im_end|>\n<|im_start|>assistant\n");
        await foreach (var token in answer)
            Console.Write(token.Text);
        Console.WriteLine($"\n{(await answer.Completion).Statistics.TokensPerRound:0.00} tokens a run of the target");

        // </example>
    }
}
