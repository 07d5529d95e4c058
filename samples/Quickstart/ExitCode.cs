namespace Quickstart;

/// <summary>What the process tells its caller.</summary>
internal static class ExitCode
{
    public const int Success = 0;

    /// <summary>The run failed, or the speculative text was not the target's own.</summary>
    public const int Failed = 1;

    /// <summary>An argument, or the folder, file or provider it names, cannot be used.</summary>
    public const int BadInput = 2;

    /// <summary>Ended by Ctrl+C: 128 + SIGINT, as shells expect it.</summary>
    public const int Interrupted = 130;
}
