using System.CommandLine;
using Minions.Benchmarks.Startup;

namespace Minions.Benchmarks.CommandLine;

/// <summary>The <c>startup</c> command and its arguments.</summary>
internal static class StartupOptions
{
    private const int DefaultRepetitions = 15;

    public static Command Command()
    {
        var programs = new Argument<string[]>("PROGRAM") { Description = "The programs' files; the others are compared with the first.", Arity = ArgumentArity.OneOrMore };
        programs.Validators.Add(result =>
        {
            foreach (string file in result.Tokens.Select(token => token.Value).Where(file => !File.Exists(file)))
                result.AddError($"PROGRAM: there is no file '{file}'");
        });
        var arguments = new Option<string[]>("--argument") { HelpName = "TEXT", Description = "An argument that each program is run with; repeat it for several.", DefaultValueFactory = _ => [] };
        Option<int?> repeat = NumberOption.Of("--repeat", DefaultRepetitions, "How often each program is started.");
        var command = new Command("startup", "Measures how long programs take from their start to their first output and to their end. Exit code 1 when they write different texts.")
        {
            programs, arguments, repeat,
        };
        command.SetAction((parsed, cancellationToken) => new StartupCommand(
            [.. parsed.GetRequiredValue(programs).Select(Path.GetFullPath)],
            parsed.GetRequiredValue(arguments),
            parsed.GetValue(repeat) ?? DefaultRepetitions).RunAsync(cancellationToken));
        return command;
    }
}
