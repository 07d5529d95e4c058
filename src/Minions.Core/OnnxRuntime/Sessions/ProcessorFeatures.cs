using System.Runtime.Intrinsics.X86;

namespace Minions.Core.OnnxRuntime.Sessions;

/// <summary>
/// Whether this processor multiplies 8-bit integers exactly. On x64 without VNNI ONNX Runtime's kernels for unsigned times signed bytes
/// saturate at 16 bits, and int8 models with full-range weights answer wrongly, without an error, unless <c>session.x64quantprecision</c>
/// is on; with VNNI the entry only costs time.
/// </summary>
internal static class ProcessorFeatures
{
    private const int FeatureLeaf = 7;

    /// <summary>Whether this process needs <c>session.x64quantprecision</c>.</summary>
    public static bool NeedsQuantPrecision { get; } = X86Base.X64.IsSupported && !HasVnni();

    /// <summary>Whether VNNI can be used, from CPUID leaf 7 and what the operating system saves of the vector registers.</summary>
    /// <param name="subleaf0Ecx">ECX of sub-leaf 0; bit 11 is AVX512-VNNI.</param>
    /// <param name="subleaf1Eax">EAX of sub-leaf 1, or 0 where that is not supported; bit 4 is AVX-VNNI.</param>
    /// <param name="avx2">Whether AVX2 is usable.</param>
    /// <param name="avx512">Whether AVX-512 is usable.</param>
    public static bool HasVnni(int subleaf0Ecx, int subleaf1Eax, bool avx2, bool avx512) =>
        (avx512 && (subleaf0Ecx & (1 << 11)) != 0) || (avx2 && (subleaf1Eax & (1 << 4)) != 0);

    private static bool HasVnni()
    {
        if (X86Base.CpuId(0, 0).Eax < FeatureLeaf)
            return false;

        // A processor that does not know a leaf answers with that of its highest one: never ask beyond what it names.
        (int subleaves, int _, int ecx, int _) = X86Base.CpuId(FeatureLeaf, 0);
        int eax = subleaves >= 1 ? X86Base.CpuId(FeatureLeaf, 1).Eax : 0;
        return HasVnni(ecx, eax, Avx2.IsSupported, Avx512BW.IsSupported);
    }
}
