using Microsoft.ML.OnnxRuntime;

namespace Minions.Core.OnnxRuntime.Sessions;

/// <summary>The native part of ONNX Runtime, which the application chooses and this library does not bring.</summary>
internal static class NativeLibrary
{
    public const string CudaProvider = "CUDAExecutionProvider";

    private static readonly Lock Gate = new();

    /// <summary>The version of the managed part.</summary>
    public static Version ManagedVersion { get; } = typeof(OrtEnv).Assembly.GetName().Version!;

    /// <summary>Loads the native library where that has not happened.</summary>
    /// <exception cref="ModelLoadException">There is none, or one of another version.</exception>
    public static void Load()
    {
        CreateEnvironment();
        if (RuntimeVersions.FindMismatch(ManagedVersion, OrtEnv.Instance().GetVersionString()) is { } mismatch)
            throw new ModelLoadException($"Models cannot be loaded: {mismatch}.");
    }

    private static void CreateEnvironment() => Guard(() =>
    {
        lock (Gate)
        {
            if (OrtEnv.IsCreated)
                return true;

            // Left alone, the environment reports its search for devices on standard error.
            var creation = new EnvironmentCreationOptions { logId = "Minions.Core", logLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR };
            try
            {
                OrtEnv.CreateInstanceWithOptions(ref creation);
            }
            catch (OnnxRuntimeException) when (OrtEnv.IsCreated)
            {
                // The application was faster.
            }

            return true;
        }
    });

    /// <summary>Calls the native library, telling a missing one by the packages that bring it.</summary>
    public static T Guard<T>(Func<T> call)
    {
        try
        {
            return call();
        }
        catch (Exception fault) when (IsMissing(fault))
        {
            if (NativeVersion.Find() is { } native && RuntimeVersions.FindMismatch(ManagedVersion, native) is { } mismatch)
                throw new ModelLoadException($"Models cannot be loaded: {mismatch}.", innerException: fault);
            throw new ModelLoadException(
                "The native library of ONNX Runtime cannot be loaded: reference package Minions.Core.Cpu (or Microsoft.ML.OnnxRuntime) to run on "
                + "the CPU, or Minions.Core.Cuda (or Microsoft.ML.OnnxRuntime.Gpu) to run on an NVIDIA GPU, in the application, never both. "
                + $"Cause: {FirstLine(fault.GetBaseException().Message)}",
                innerException: fault);
        }
    }

    public static bool IsMissing(Exception fault) => fault
        is DllNotFoundException or EntryPointNotFoundException or BadImageFormatException
        or TypeInitializationException { InnerException: not null };

    // The loader goes on with every path it has tried.
    private static string FirstLine(string message) => message.Split('\n', 2)[0].TrimEnd('\r', ' ', ':');
}
