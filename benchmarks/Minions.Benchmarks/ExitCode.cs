namespace Minions.Benchmarks;

/// <summary>What the process tells its caller.</summary>
internal static class ExitCode
{
    public const int Success = 0;

    /// <summary>What the command measures is outside its bound.</summary>
    public const int BoundMissed = 1;

    /// <summary>An argument or a model cannot be used.</summary>
    public const int BadInput = 2;

    /// <summary>There is no GPU that ONNX Runtime can use.</summary>
    public const int NoGpu = 3;

    /// <summary>Ended by Ctrl+C: 128 + SIGINT, as shells expect it.</summary>
    public const int Interrupted = 130;
}
