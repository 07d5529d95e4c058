namespace Minions.Benchmarks.Tests.CommandLine;

[NonParallelizable]
public class ReplayFileTests
{
    [Test]
    public void A_file_that_is_no_recording_is_told_and_left_as_it_is()
    {
        string file = Path.GetTempFileName();
        try
        {
            File.WriteAllText(file, "something of mine");
            CommandLineRun run = CommandLineRun.Of("replay", "--file", file);
            Assert.That(run.ExitCode, Is.EqualTo(ExitCode.BadInput));
            Assert.That(run.Error, Does.StartWith($"error: --file {file}: ").And.Contain("no recording"));
            Assert.That(File.ReadAllText(file), Is.EqualTo("something of mine"));
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Test]
    public void A_file_that_cannot_be_written_is_told_before_anything_is_recorded()
    {
        string file = Path.Combine(Path.GetTempPath(), "no-such-folder", "replay.bin");
        CommandLineRun run = CommandLineRun.Of("replay", "--file", file);
        Assert.That(run.ExitCode, Is.EqualTo(ExitCode.BadInput));
        Assert.That(run.Error, Does.StartWith($"error: --file {file}: "), "no line of progress before it");
    }
}
