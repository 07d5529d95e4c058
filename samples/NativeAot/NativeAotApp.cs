using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Minions.Core;
using NativeAot.Shop;

namespace NativeAot;

/// <summary>The whole program, apart from the process it runs in.</summary>
internal static class NativeAotApp
{
    private const int Failed = 1;

    private const int BadInput = 2;

    /// <summary>128 + SIGINT, as shells expect it.</summary>
    private const int Interrupted = 130;

    /// <summary>Runs a command line.</summary>
    /// <returns>The exit code: 0, or 1 for a failed run, 2 for wrong arguments, 130 when interrupted.</returns>
    public static async Task<int> RunAsync(string[] args, TextWriter output, TextWriter error, CancellationToken cancellationToken)
    {
        CommandLine line = CommandLine.Read(args);
        if (line.Fault is not null)
        {
            error.WriteLine($"error: {line.Fault}\n\n{CommandLine.Usage}");
            return BadInput;
        }

        if (line.WantsHelp)
        {
            output.WriteLine(CommandLine.Usage);
            return 0;
        }

        try
        {
            var services = new ServiceCollection();
            services.AddMinions().UseDemoModels().AddChatClient().UseFunctionInvocation();
            await using ServiceProvider provider = services.BuildServiceProvider();
            await new Conversation(provider.GetRequiredService<IChatClient>(), new ShopTools().All, output).AskAsync(line.Question, cancellationToken);
            return 0;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            error.WriteLine("interrupted.");
            return Interrupted;
        }
        catch (Exception fault) when (fault is MinionsException or OptionsValidationException or ArgumentException)
        {
            // Models that are not beside the program, a question that is longer than the context: the message says what to do.
            error.WriteLine($"error: {fault.Message}");
            return Failed;
        }
    }
}
