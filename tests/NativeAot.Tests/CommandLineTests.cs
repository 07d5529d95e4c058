namespace NativeAot.Tests;

public sealed class CommandLineTests
{
    [TestCase(new[] { "--verbose" }, "there is no option '--verbose'")]
    [TestCase(new[] { "-1 is what?" }, "Put '--' before")]
    [TestCase(new[] { "--", "-1", "is what?" }, "2 arguments were given")]
    [TestCase(new[] { "--" }, "the question is empty")]
    [TestCase(new[] { "Where", "is", "it?" }, "3 arguments were given")]
    [TestCase(new[] { " " }, "the question is empty")]
    public async Task Wrong_arguments_are_named_with_the_usage_and_exit_code_2(string[] args, string message)
    {
        ProgramRun run = await ProgramRun.InProcessAsync(args);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(run.ExitCode, Is.EqualTo(2));
            Assert.That(run.Output, Is.Empty);
            Assert.That(run.Error, Does.StartWith("error: ").And.Contain(message).And.Contain("Usage:"));
        }
    }

    [TestCase("-h")]
    [TestCase("--help")]
    public async Task Help_is_the_usage_on_standard_output(string option)
    {
        ProgramRun run = await ProgramRun.InProcessAsync(option);

        Assert.That(run, Is.EqualTo(new ProgramRun(0, CommandLine.Usage + Environment.NewLine, "")));
    }

    [Test]
    public void A_question_may_begin_like_an_option_behind_two_hyphens() =>
        Assert.That(CommandLine.Read(["--", "-1 is what?"]), Is.EqualTo(new CommandLine("-1 is what?")));

    [Test]
    public async Task Who_interrupts_gets_exit_code_130()
    {
        using var error = new StringWriter();

        int exitCode = await NativeAotApp.RunAsync([], TextWriter.Null, error, new CancellationToken(canceled: true));

        Assert.That((exitCode, error.ToString().TrimEnd()), Is.EqualTo((130, "interrupted.")));
    }

    [Test]
    public void Without_arguments_the_default_question_is_asked() =>
        Assert.That(CommandLine.Read([]), Is.EqualTo(new CommandLine(CommandLine.DefaultQuestion)));
}
