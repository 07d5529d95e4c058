using System.Runtime.InteropServices;

namespace Minions.Core.OnnxRuntime.Sessions;

/// <summary>
/// The C library's heap. Opening a session frees tens of megabytes in small pieces, which glibc keeps for the process; told to, it gives
/// them back.
/// </summary>
internal static partial class NativeHeap
{
    private static bool _canTrim = OperatingSystem.IsLinux();

    /// <summary>Gives free memory back to the system where the C library can do that.</summary>
    public static void Trim()
    {
        if (!_canTrim)
            return;

        try
        {
            _ = MallocTrim(0);
        }
        catch (Exception fault) when (fault is EntryPointNotFoundException or DllNotFoundException)
        {
            // Another C library than glibc.
            _canTrim = false;
        }
    }

    [LibraryImport("libc", EntryPoint = "malloc_trim")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int MallocTrim(nuint pad);
}
