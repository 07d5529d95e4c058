using System.CommandLine;
using Minions.Benchmarks;
using Minions.Benchmarks.CommandLine;
using Minions.Core;

ParseResult parsed = BenchmarkCommands.Root().Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
if (parsed.Errors.Count > 0)
{
    Console.Error.WriteLine($"error: {parsed.Errors[0].Message.TrimEnd('.')}. See --help.");
    return ExitCode.BadInput;
}

try
{
    return await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
}
catch (Exception fault) when (fault is ModelLoadException or BadInputException)
{
    Console.Error.WriteLine($"error: {fault.Message}");
    return ExitCode.BadInput;
}
catch (OperationCanceledException)
{
    Console.Error.WriteLine("interrupted.");
    return ExitCode.Interrupted;
}
