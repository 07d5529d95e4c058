using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace Quickstart.CommandLine;

/// <summary>The generated help, followed by command lines to copy and the exit codes.</summary>
internal sealed class HelpWithExamples(HelpAction help) : SynchronousCommandLineAction
{
    private const string Examples = """
        Examples:
          dotnet run --project samples/Quickstart -c Release
          dotnet run --project samples/Quickstart -c Release -- --prompt "Why is the sky blue?" --max-tokens 200
          dotnet run --project samples/Quickstart -c Release -- --chat
          dotnet run --project samples/Quickstart -c Release -- --target models/big --draft models/small --length 4
          dotnet run --project samples/Quickstart -c Release -- --prompts samples/models/smollm2/prompts-dev.jsonl --json

        Exit codes: 0 success; 1 the run failed or the texts were not identical; 2 a wrong argument, folder, file or provider; 130 interrupted.

        """;

    public static void AddTo(RootCommand root)
    {
        HelpOption option = root.Options.OfType<HelpOption>().Single();
        option.Action = new HelpWithExamples((HelpAction)option.Action!);
    }

    public override int Invoke(ParseResult parseResult)
    {
        int exitCode = help.Invoke(parseResult);
        parseResult.InvocationConfiguration.Output.Write(Examples);
        return exitCode;
    }
}
