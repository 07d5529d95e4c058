namespace Minions.Benchmarks.Tests.Startup;

[NonParallelizable]
public sealed class StartupCommandTests
{
    private static readonly string Dotnet = Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet" ? Environment.ProcessPath! : "dotnet";

    [Test]
    public void Programs_are_started_in_turn_and_their_texts_compared()
    {
        CommandLineRun run = CommandLineRun.Of("startup", Dotnet, Dotnet, "--argument=--version", "--repeat", "2");

        Assert.That(run.ExitCode, Is.Zero, run.Error);
        Assert.That(run.Output, Does.StartWith("2 starts each").And.Contain("first output").And.Contain("All wrote the same."));
    }

    [Test]
    public void A_program_that_fails_is_named_with_what_it_said()
    {
        CommandLineRun run = CommandLineRun.Of("startup", Dotnet, "--argument=no-such-file.dll", "--repeat", "1");

        Assert.That(run.ExitCode, Is.EqualTo(2));
        Assert.That(run.Error, Does.Contain($"error: {Dotnet}: ended with exit code "));
    }

    [Test]
    public void A_file_that_does_not_exist_is_refused()
    {
        CommandLineRun run = CommandLineRun.Of("startup", "no-such-program");

        Assert.That(run.ExitCode, Is.EqualTo(2));
        Assert.That(run.Error, Does.StartWith("error: PROGRAM: there is no file 'no-such-program'"));
    }
}
