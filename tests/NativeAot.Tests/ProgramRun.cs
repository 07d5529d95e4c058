using System.Diagnostics;

namespace NativeAot.Tests;

/// <summary>What a run of the sample left: compiled to native code, as a process; or compiled at run time, in this one.</summary>
internal sealed record ProgramRun(int ExitCode, string Output, string Error)
{
    public static async Task<ProgramRun> InProcessAsync(params string[] args)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        int exitCode = await NativeAotApp.RunAsync(args, output, error, CancellationToken.None);
        return new ProgramRun(exitCode, output.ToString(), error.ToString());
    }

    public static async Task<ProgramRun> OfAsync(ProcessStartInfo start)
    {
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        using Process process = Process.Start(start)!;
        Task<string> error = process.StandardError.ReadToEndAsync();
        string output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return new ProgramRun(process.ExitCode, output, await error);
    }
}
