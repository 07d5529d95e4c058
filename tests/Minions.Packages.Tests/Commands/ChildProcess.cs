using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;

namespace Minions.Packages.Tests.Commands;

/// <summary>A command that runs in a folder. It ends, with all that it started, when this object is disposed of.</summary>
internal sealed partial class ChildProcess : IAsyncDisposable
{
    private const int Terminate = 15;

    private readonly Process _process;
    private readonly string _command;
    private readonly StringBuilder _output = new();
    private readonly StringBuilder _errors = new();
    private readonly Task _ended;
    private TaskCompletionSource _grown = NewSignal();

    private ChildProcess(Process process, string command)
    {
        _process = process;
        _command = command;
        _ended = Task.WhenAll(GatherAsync(process.StandardOutput, _output), GatherAsync(process.StandardError, _errors), process.WaitForExitAsync());
    }

    /// <summary>What the command wrote to standard output so far.</summary>
    public string Output => TextOf(_output);

    public static ChildProcess Start(string folder, string[] command, IReadOnlyDictionary<string, string> environment)
    {
        var start = new ProcessStartInfo(command[0], command[1..])
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
            StandardErrorEncoding = Encoding.UTF8,
        };
        // Those of the build that runs the tests would point a build of another SDK, or of other settings, to its files.
        foreach (string name in start.Environment.Keys.Where(name => name.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase)).ToArray())
            start.Environment.Remove(name);
        foreach ((string name, string value) in environment)
            start.Environment[name] = value;

        Process process = Process.Start(start)!;
        process.StandardInput.Close();
        return new ChildProcess(process, string.Join(' ', command));
    }

    /// <summary>Runs a command to its end.</summary>
    /// <returns>What it wrote to standard output.</returns>
    /// <exception cref="InvalidOperationException">It ended with another exit code than 0; the message has all that it wrote.</exception>
    /// <exception cref="TimeoutException">It was still running when the token was signalled.</exception>
    public static async Task<string> RunAsync(string folder, string[] command, IReadOnlyDictionary<string, string> environment, CancellationToken limit)
    {
        await using ChildProcess process = Start(folder, command, environment);
        int exitCode = await process.EndAsync(limit);
        return exitCode == 0 ? process.Output : throw new InvalidOperationException(process.Describe($"ended with {exitCode}"));
    }

    /// <summary>Waits until the command ends.</summary>
    /// <returns>Its exit code.</returns>
    /// <exception cref="TimeoutException">The command was still running when the token was signalled.</exception>
    public async Task<int> EndAsync(CancellationToken limit)
    {
        await WithinAsync(_ended, "end", limit);
        return _process.ExitCode;
    }

    /// <summary>Waits until a part of the output is there, which <paramref name="find"/> returns.</summary>
    /// <exception cref="InvalidOperationException">The command ended before.</exception>
    /// <exception cref="TimeoutException">The part was not there when the token was signalled.</exception>
    public async Task<string> FindAsync(Func<string, string?> find, CancellationToken limit)
    {
        while (true)
        {
            Task grown = Volatile.Read(ref _grown).Task;
            bool ended = _ended.IsCompleted;
            if (find(Output) is { } found)
                return found;
            if (ended)
                throw new InvalidOperationException(Describe($"ended with {_process.ExitCode} before it wrote what was waited for"));
            await WithinAsync(Task.WhenAny(grown, _ended), "write what was waited for", limit);
        }
    }

    /// <summary>Asks the command to stop, as a service manager does.</summary>
    public void RequestStop()
    {
        if (SendSignal(_process.Id, Terminate) != 0)
            throw new Win32Exception(Marshal.GetLastPInvokeError());
    }

    public string Describe(string what) => $"'{_command}' {what}. It wrote:{Environment.NewLine}{Output}{TextOf(_errors)}";

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int SendSignal(int process, int signal);

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private static string TextOf(StringBuilder text)
    {
        lock (text)
            return text.ToString();
    }

    private async Task WithinAsync(Task task, string what, CancellationToken limit)
    {
        try
        {
            await task.WaitAsync(limit);
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException(Describe($"did not {what} in time"));
        }
    }

    private async Task GatherAsync(StreamReader reader, StringBuilder text)
    {
        char[] piece = new char[4096];
        int length;
        while ((length = await reader.ReadAsync(piece)) > 0)
        {
            lock (text)
                text.Append(piece, 0, length);
            Interlocked.Exchange(ref _grown, NewSignal()).SetResult();
        }
    }
}
