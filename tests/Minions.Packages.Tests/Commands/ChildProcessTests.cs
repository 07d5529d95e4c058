namespace Minions.Packages.Tests.Commands;

internal sealed class ChildProcessTests
{
    private static readonly string Folder = Path.GetTempPath();

    [Test]
    [CancelAfter(60_000)]
    public async Task A_command_that_does_not_end_in_time_is_named_with_what_it_wrote(CancellationToken limit)
    {
        await using ChildProcess process = ChildProcess.Start(Folder, ["sh", "-c", "echo begun; sleep 1000"], Shell.Quiet);
        await process.FindAsync(output => output.Contains("begun\n", StringComparison.Ordinal) ? output : null, limit);

        TimeoutException fault = Assert.ThrowsAsync<TimeoutException>(() => process.EndAsync(new CancellationToken(canceled: true)))!;

        Assert.That(fault.Message, Does.StartWith("'sh -c echo begun; sleep 1000' did not end in time").And.EndsWith("begun\n"));
    }

    [Test]
    [CancelAfter(60_000)]
    public void A_command_that_fails_is_named_with_its_errors(CancellationToken limit)
    {
        InvalidOperationException fault = Assert.ThrowsAsync<InvalidOperationException>(() =>
            ChildProcess.RunAsync(Folder, ["sh", "-c", "echo reason >&2; exit 3"], Shell.Quiet, limit))!;

        Assert.That(fault.Message, Does.Contain("ended with 3").And.EndsWith("reason\n"));
    }

    [Test]
    [CancelAfter(60_000)]
    public async Task A_command_that_ends_before_it_wrote_what_is_waited_for_is_not_waited_for(CancellationToken limit)
    {
        await using ChildProcess process = ChildProcess.Start(Folder, ["sh", "-c", "echo other"], Shell.Quiet);

        InvalidOperationException fault = Assert.ThrowsAsync<InvalidOperationException>(() =>
            process.FindAsync(output => output.Contains("address", StringComparison.Ordinal) ? output : null, limit))!;

        Assert.That(fault.Message, Does.Contain("ended with 0 before").And.EndsWith("other\n"));
    }

    [Test]
    [CancelAfter(60_000)]
    public async Task What_a_command_started_ends_with_it(CancellationToken limit)
    {
        using var folder = new TemporaryFolder();
        string alive = Path.Combine(folder.Path, "alive");
        // The child holds the writing end of a pipe for as long as it lives; reading it to its end waits for just that.
        await ChildProcess.RunAsync(folder.Path, ["mkfifo", alive], Shell.Quiet, limit);
        await using ChildProcess reader = ChildProcess.Start(folder.Path, ["cat", alive], Shell.Quiet);
        await using (ChildProcess parent = ChildProcess.Start(folder.Path, ["sh", "-c", $"sh -c 'echo child; exec sleep 1000' > {alive} & wait"], Shell.Quiet))
            await reader.FindAsync(output => output.Contains("child\n", StringComparison.Ordinal) ? output : null, limit);

        Assert.That(await reader.EndAsync(limit), Is.Zero);
    }
}
