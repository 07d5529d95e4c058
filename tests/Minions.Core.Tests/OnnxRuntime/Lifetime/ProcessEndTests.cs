using System.Diagnostics;
using System.Globalization;

namespace Minions.Core.Tests.OnnxRuntime.Lifetime;

public sealed class ProcessEndTests
{
    // The larger target: its sessions take long enough to be met. Without the wait 2 of 10 processes crashed.
    private const int Processes = 6;

    [Test]
    public async Task A_process_that_ends_while_sessions_are_made_ends_as_it_wants_to()
    {
        for (int i = 0; i < Processes; i++)
        {
            (int code, string error) = await RunAsync(tokens: 11 + (i * 2));
            Assert.That(code, Is.EqualTo(ExitingProcess.ExitCode), error);
        }
    }

    private static async Task<(int Code, string Error)> RunAsync(int tokens)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath is { } path && Path.GetFileNameWithoutExtension(path) == "dotnet" ? path : "dotnet") { RedirectStandardError = true };
        foreach (string argument in new[] { "exec", typeof(ProcessEndTests).Assembly.Location, ExitingProcess.Command, Path.Combine(RepositoryFiles.SmolLm2, "target"), tokens.ToString(CultureInfo.InvariantCulture) })
            start.ArgumentList.Add(argument);
        using Process process = Process.Start(start)!;
        string error = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, error);
    }
}
