using System.CommandLine;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Minions.Core;
using Minions.Extensions.AI.Templates;
using Quickstart.CommandLine;
using Quickstart.Models;
using Spectre.Console;

namespace Quickstart;

/// <summary>The whole program, apart from the process it runs in.</summary>
internal static class QuickstartApp
{
    /// <summary>How a command line is read: a prompt may begin with '@', so there are no response files.</summary>
    public static ParserConfiguration Parsing { get; } = new() { ResponseFileTokenReplacer = null, EnablePosixBundling = false };

    /// <summary>Runs a command line. Never throws; whatever goes wrong is one message on <paramref name="error"/>.</summary>
    /// <returns>One of <see cref="ExitCode"/>.</returns>
    public static async Task<int> RunAsync(string[] args, TextReader input, TextWriter output, TextWriter error, Interruption interruption)
    {
        try
        {
            var command = new QuickstartCommand();
            ParseResult parsed = command.Root.Parse(args, Parsing);
            if (parsed.Errors.Count > 0)
                throw new BadInputException($"{parsed.Errors[0].Message.TrimEnd('.')}. See --help.");
            if (parsed.Action is not null)
                return await parsed.InvokeAsync(new InvocationConfiguration { Output = output, Error = error }, interruption.Run);

            return await RunAsync(command.Read(parsed), input, output, error, interruption);
        }
        catch (BadInputException fault)
        {
            return Report(fault.Message, ExitCode.BadInput);
        }
        catch (OperationCanceledException) when (interruption.Run.IsCancellationRequested)
        {
            return Report("interrupted.", ExitCode.Interrupted);
        }
        catch (Exception fault)
        {
            return Report(fault.Message, ExitCode.Failed);
        }

        int Report(string message, int exitCode)
        {
            error.WriteLine($"{(exitCode == ExitCode.Interrupted ? "" : "error: ")}{message}");
            return exitCode;
        }
    }

    private static async Task<int> RunAsync(Arguments arguments, TextReader input, TextWriter output, TextWriter error, Interruption interruption)
    {
        var folders = new TypedFolders(arguments);
        folders.Check();
        try
        {
            await using ServiceProvider services = PipelineSetup.BuildServices(arguments);
            return arguments.Chat
                ? await new ChatRun(arguments, services, input, ConsoleOn(output), ConsoleOn(error)).RunAsync(interruption)
                : await new QuickstartRun(arguments, services, ConsoleOn(output), ConsoleOn(error)).RunAsync(interruption.Run);
        }
        catch (ModelLoadException fault)
        {
            throw new BadInputException(folders.Describe(fault), fault);
        }
        catch (ChatTemplateException fault)
        {
            throw new BadInputException(folders.Describe(fault) + (arguments.Chat ? "" : " --raw takes the prompt as it is."), fault);
        }
        catch (OptionsValidationException fault)
        {
            throw new BadInputException(folders.Describe(fault), fault);
        }
    }

    private static IAnsiConsole ConsoleOn(TextWriter writer)
    {
        var target = new AnsiConsoleOutput(writer);

        // Left to itself, the console judges by the process's own output, not by where this writer leads.
        return AnsiConsole.Create(target.IsTerminal
            ? new AnsiConsoleSettings { Out = target }
            : new AnsiConsoleSettings { Out = target, Ansi = AnsiSupport.No, ColorSystem = ColorSystemSupport.NoColors, Interactive = InteractionSupport.No });
    }
}
