using System.ComponentModel;
using System.Diagnostics;

namespace Minions.Benchmarks.Startup;

/// <summary>One run of a program.</summary>
/// <param name="FirstMilliseconds">From its start until it had written something, or ended.</param>
/// <param name="EndMilliseconds">From its start to its end.</param>
/// <param name="Output">What it wrote.</param>
internal sealed record StartedProgram(double FirstMilliseconds, double EndMilliseconds, string Output)
{
    /// <summary>Runs a program.</summary>
    /// <exception cref="BadInputException">It cannot be run, or fails.</exception>
    public static async Task<StartedProgram> RunAsync(string path, IEnumerable<string> arguments, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(path, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        long began = Stopwatch.GetTimestamp();
        using Process process = Start(start);
        try
        {
            Task<string> error = process.StandardError.ReadToEndAsync(cancellationToken);
            char[] one = new char[1];
            int read = await process.StandardOutput.ReadAsync(one, cancellationToken);
            double first = Stopwatch.GetElapsedTime(began).TotalMilliseconds;
            string rest = await process.StandardOutput.ReadToEndAsync(cancellationToken);
            await process.WaitForExitAsync(cancellationToken);
            double end = Stopwatch.GetElapsedTime(began).TotalMilliseconds;
            if (process.ExitCode != 0)
                throw new BadInputException($"{path}: ended with exit code {process.ExitCode}. {(await error).Trim()}");
            return new StartedProgram(first, end, new string(one, 0, read) + rest);
        }
        catch (OperationCanceledException)
        {
            process.Kill();
            throw;
        }
    }

    private static Process Start(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception fault)
        {
            throw new BadInputException($"{start.FileName}: cannot be run: {fault.Message}", fault);
        }
    }
}
