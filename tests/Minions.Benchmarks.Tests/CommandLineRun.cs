namespace Minions.Benchmarks.Tests;

/// <summary>The program's real entry point, run in this process. Not for tests that run side by side: the console is one for all.</summary>
internal sealed record CommandLineRun(int ExitCode, string Output, string Error)
{
    public static CommandLineRun Of(params string[] args)
    {
        (TextWriter output, TextWriter error) = (Console.Out, Console.Error);
        using var ownOutput = new StringWriter();
        using var ownError = new StringWriter();
        Console.SetOut(ownOutput);
        Console.SetError(ownError);
        try
        {
            int exitCode = (int)typeof(ExitCode).Assembly.EntryPoint!.Invoke(null, [args])!;
            return new CommandLineRun(exitCode, ownOutput.ToString(), ownError.ToString());
        }
        finally
        {
            Console.SetOut(output);
            Console.SetError(error);
        }
    }
}
