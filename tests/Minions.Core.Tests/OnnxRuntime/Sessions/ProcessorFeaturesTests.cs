using System.Runtime.InteropServices;
using Minions.Core.OnnxRuntime.Sessions;

namespace Minions.Core.Tests.OnnxRuntime.Sessions;

public sealed class ProcessorFeaturesTests
{
    private const int Avx512Vnni = 1 << 11;
    private const int AvxVnni = 1 << 4;

    // Registers as made up for Haswell, Skylake-X, Cascade Lake, Alder Lake, Zen 4, and a machine whose system does not save wide registers.
    [TestCase(0, 0, true, false, false, TestName = "AVX2 alone has no VNNI")]
    [TestCase(~Avx512Vnni, ~AvxVnni, true, true, false, TestName = "AVX-512 without the VNNI bits has none, whatever the other bits")]
    [TestCase(Avx512Vnni, 0, true, true, true, TestName = "AVX512-VNNI counts")]
    [TestCase(0, AvxVnni, true, false, true, TestName = "AVX-VNNI counts")]
    [TestCase(Avx512Vnni, AvxVnni, true, true, true, TestName = "Both count")]
    [TestCase(Avx512Vnni, 0, true, false, false, TestName = "AVX512-VNNI that the system does not let us use does not count")]
    [TestCase(0, AvxVnni, false, false, false, TestName = "AVX-VNNI that the system does not let us use does not count")]
    public void Vnni(int subleaf0Ecx, int subleaf1Eax, bool avx2, bool avx512, bool expected) =>
        Assert.That(ProcessorFeatures.HasVnni(subleaf0Ecx, subleaf1Eax, avx2, avx512), Is.EqualTo(expected));

    [Test]
    public void Agrees_with_what_the_system_says_of_this_processor()
    {
        bool expected = RuntimeInformation.ProcessArchitecture == System.Runtime.InteropServices.Architecture.X64 && OperatingSystem.IsLinux()
            ? !File.ReadLines("/proc/cpuinfo").First(line => line.StartsWith("flags", StringComparison.Ordinal)).Contains("vnni", StringComparison.Ordinal)
            : ProcessorFeatures.NeedsQuantPrecision && RuntimeInformation.ProcessArchitecture == System.Runtime.InteropServices.Architecture.X64;

        Assert.That(ProcessorFeatures.NeedsQuantPrecision, Is.EqualTo(expected));
    }
}
