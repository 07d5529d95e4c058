using Microsoft.ML.OnnxRuntime;

namespace Minions.Core.OnnxRuntime.Sessions;

/// <summary>
/// The working memory that all sessions for several requests share. Of one model mostly one of them runs at a time, so an arena for each would
/// hold the same memory several times. It belongs to ONNX Runtime's environment: once made it stays as large as it came to be.
/// </summary>
internal static class SharedArena
{
    private const string Entry = "session.use_env_allocators";
    private const int Default = -1;
    private const int NextPowerOfTwo = 0;

    private static readonly Lazy<bool> Registered = new(Register);

    /// <summary>Has a session take its working memory from here.</summary>
    public static void AddTo(SessionOptions options)
    {
        _ = Registered.Value;
        options.AddSessionConfigEntry(Entry, "1");
    }

    private static bool Register()
    {
        try
        {
            using var memory = new OrtMemoryInfo(OrtMemoryInfo.allocatorCPU, OrtAllocatorType.ArenaAllocator, 0, OrtMemType.Default);
            using var arena = new OrtArenaCfg(maxMemory: 0, NextPowerOfTwo, Default, Default);
            OrtEnv.Instance().CreateAndRegisterAllocator(memory, arena);
            return true;
        }
        catch (OnnxRuntimeException)
        {
            // The application has registered one, which serves as well.
            return false;
        }
    }
}
