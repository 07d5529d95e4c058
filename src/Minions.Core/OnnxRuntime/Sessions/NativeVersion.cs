using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;
using Loader = System.Runtime.InteropServices.NativeLibrary;

namespace Minions.Core.OnnxRuntime.Sessions;

/// <summary>
/// What a native library that the managed part cannot use calls itself. Only asked then: the managed part asks for its own version of the interface,
/// which an older library does not have, and fails before it could say so.
/// </summary>
internal static unsafe class NativeVersion
{
    private const string Library = "onnxruntime";
    private const string BaseEntry = "OrtGetApiBase";

    /// <returns>The version, or <see langword="null"/> where there is no such library.</returns>
    public static string? Find()
    {
        if (!Loader.TryLoad(Library, typeof(OrtEnv).Assembly, null, out nint library))
            return null;

        // Left loaded: a library with threads of its own must not be unloaded.
        return Loader.TryGetExport(library, BaseEntry, out nint entry) && ((delegate* unmanaged<ApiBase*>)entry)() is var found && found is not null
            ? Marshal.PtrToStringUTF8((nint)found->GetVersionString())
            : null;
    }

    // The first two members, which no version has changed.
    [StructLayout(LayoutKind.Sequential)]
    private readonly struct ApiBase
    {
        public readonly delegate* unmanaged<uint, void*> GetApi;
        public readonly delegate* unmanaged<byte*> GetVersionString;
    }
}
