using Minions.Benchmarks.Replay;
using Minions.Benchmarks.Tests.Replay;

namespace Minions.Benchmarks.Tests.CommandLine;

[NonParallelizable]
public sealed class ReplaySweepTests
{
    private string _file = null!;

    [SetUp]
    public void Record()
    {
        _file = Path.GetTempFileName();
        RecordingFile.Write(_file, RandomRecording.Of(1, 0.8, 0.3));
    }

    [TearDown]
    public void Delete() => File.Delete(_file);

    [Test]
    public void A_sweep_has_a_line_for_each_number_that_is_named()
    {
        CommandLineRun run = CommandLineRun.Of("replay", "--file", _file, "--sweep", "OwnPositions", "ProbeShare");

        Assert.That(run.ExitCode, Is.EqualTo(ExitCode.Success));
        Assert.That(NamesIn(run.Output), Is.EqualTo(new[] { "OwnPositions", "ProbeShare" }));
    }

    [Test]
    public void A_sweep_without_names_varies_all_numbers()
    {
        CommandLineRun run = CommandLineRun.Of("replay", "--sweep", "--file", _file);

        Assert.That(run.ExitCode, Is.EqualTo(ExitCode.Success));
        Assert.That(NamesIn(run.Output), Is.EqualTo(TuningNumber.All.Select(number => number.Name)));
    }

    [Test]
    public void A_number_that_does_not_exist_is_refused()
    {
        CommandLineRun run = CommandLineRun.Of("replay", "--file", _file, "--sweep", "Luck");

        Assert.That(run.ExitCode, Is.EqualTo(ExitCode.BadInput));
        Assert.That(run.Error, Does.Contain("'Luck'").And.Contain("OwnPositions"));
    }

    [Test]
    public void Without_a_sweep_rules_are_compared()
    {
        CommandLineRun run = CommandLineRun.Of("replay", "--file", _file);

        Assert.That(run.Output, Does.Contain("\nall drafts\n").And.Contain("\ndraft-1 alone\n").And.Contain("\nmoving average ").And.Contain("\ngoodput / best static "));
    }

    private static IEnumerable<string> NamesIn(string output) =>
        output.Split('\n').SkipWhile(line => !line.StartsWith("number", StringComparison.Ordinal)).Skip(1).Select(line => line.Split(' ')[0]).Where(name => name.Length > 0);
}
