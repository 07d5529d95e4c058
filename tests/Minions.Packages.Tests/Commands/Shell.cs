namespace Minions.Packages.Tests.Commands;

/// <summary>Runs commands one after the other in a folder, as a terminal does: <c>cd</c> changes it, everything else is a program.</summary>
internal sealed class Shell(string folder, IReadOnlyDictionary<string, string> environment)
{
    /// <summary>For every command: nothing that it starts stays behind it, and nothing is asked, shown or reported beside its work.</summary>
    public static IReadOnlyDictionary<string, string> Quiet { get; } = new Dictionary<string, string>
    {
        ["MSBUILDDISABLENODEREUSE"] = "1",
        ["UseSharedCompilation"] = "false",
        ["DOTNET_CLI_USE_MSBUILD_SERVER"] = "0",
        ["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1",
        ["DOTNET_CLI_UI_LANGUAGE"] = "en",
        ["DOTNET_CLI_WORKLOAD_UPDATE_NOTIFY_DISABLE"] = "1",
        ["DOTNET_GENERATE_ASPNET_CERTIFICATE"] = "false",
        ["DOTNET_NOLOGO"] = "1",
        ["ORT_DISABLE_TELEMETRY"] = "1",
    };

    public string Folder { get; private set; } = folder;

    /// <inheritdoc cref="ChildProcess.RunAsync"/>
    public async Task<string> RunAsync(string command, CancellationToken limit)
    {
        if (!command.StartsWith("cd ", StringComparison.Ordinal))
            return await ChildProcess.RunAsync(Folder, command.Split(' '), environment, limit);
        Folder = Path.Combine(Folder, command[3..]);
        return "";
    }

    /// <summary>Starts a command that goes on.</summary>
    public ChildProcess Start(string command) => ChildProcess.Start(Folder, command.Split(' '), environment);
}
