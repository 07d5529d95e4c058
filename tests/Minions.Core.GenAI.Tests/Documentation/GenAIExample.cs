#pragma warning disable IDE0065 // The page shows its usings with the code.
// <example>
using Microsoft.Extensions.DependencyInjection;
using Minions.Core;
using Minions.Core.Generation;

// </example>
namespace GenAI.Examples;

/// <summary>The program of docs/genai.md, compiled and run. What stands between the markers is compared with the page, line by line.</summary>
internal static class GenAIExample
{
    public static async Task RunAsync(string[] args)
    {
        // <example>
        ServiceCollection services = new();
        services.AddMinions()
            .UseGenAITarget(args[0])        // a folder with genai_config.json
            .AddGenAIDraft(args[1])         // a smaller model with the same tokenizer
            .AddNgramDraft();               // and what the text itself repeats
        await using ServiceProvider provider = services.BuildServiceProvider();
        var pipeline = provider.GetRequiredService<SpeculativePipeline>();
        await pipeline.LoadAsync();
        Console.WriteLine($"Exactness: {pipeline.Info.Exactness}");

        GenerationStream answer = pipeline.StreamAsync(args[2], new GenerationOptions { MaxOutputTokens = 100 });
        await foreach (GeneratedToken token in answer)
            Console.Write(token.Text);

        GenerationResult result = await answer.Completion;
        Console.WriteLine();
        Console.WriteLine($"{result.Statistics.CommittedTokens} tokens in {result.Statistics.Rounds} runs of the target");

        // </example>
    }
}
