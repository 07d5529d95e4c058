namespace Minions.Benchmarks.Tests.CommandLine;

[NonParallelizable]
public sealed class OverheadArgumentsTests
{
    [TestCase("0", "--concurrency: '0' is not a whole number from 1 on")]
    [TestCase("many", "--concurrency: 'many'")]
    [TestCase("17", "--concurrency: '17' is more than the 16 requests that the pipeline works on at once")]
    public void More_requests_than_can_be_at_work_are_refused(string typed, string message)
    {
        CommandLineRun run = CommandLineRun.Of("overhead", "--concurrency", typed);

        Assert.That(run.ExitCode, Is.EqualTo(2));
        Assert.That(run.Error, Does.StartWith("error: ").And.Contain(message));
    }
}
