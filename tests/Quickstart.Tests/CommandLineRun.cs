namespace Quickstart.Tests;

/// <summary>The program's real entry point, run in this process.</summary>
internal sealed record CommandLineRun(int ExitCode, string Output, string Error)
{
    public static async Task<CommandLineRun> Of(string[] args, string input = "", Interruption? interruption = null)
    {
        using var reader = new StringReader(input);
        using var output = new StringWriter();
        using var error = new StringWriter();
        int exitCode = await QuickstartApp.RunAsync(args, reader, output, error, interruption ?? new Interruption());
        return new CommandLineRun(exitCode, output.ToString(), error.ToString());
    }

    /// <summary>Asserts that the arguments were refused as they have to be: exit code 2, nothing on standard output, one message.</summary>
    public CommandLineRun AssertRefused(params string[] mentioned)
    {
        using (Assert.EnterMultipleScope())
        {
            Assert.That(ExitCode, Is.EqualTo(2));
            Assert.That(Output, Is.Empty);
            Assert.That(Error, Does.StartWith("error: "));
            Assert.That(Error.TrimEnd().Split('\n'), Has.Length.EqualTo(1), "one message");
            Assert.That(Error, Does.Not.Contain("   at "), "no stack trace");
            foreach (string part in mentioned)
                Assert.That(Error, Does.Contain(part));
        }

        return this;
    }
}
