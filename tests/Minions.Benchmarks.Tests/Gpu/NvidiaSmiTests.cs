using Minions.Benchmarks.Gpu;

namespace Minions.Benchmarks.Tests.Gpu;

public sealed class NvidiaSmiTests
{
    [Test]
    public void A_line_is_a_GPU() => Assert.That(
        NvidiaSmi.ReadGpus(["0, NVIDIA H200, 580.65.06, 143771, 9.0", "1, NVIDIA T4, 580.65.06, [N/A], 7.5", "No devices were found"]),
        Is.EqualTo(new[] { new GpuFacts("0", "NVIDIA H200", "580.65.06", 143771, "9.0"), new GpuFacts("1", "NVIDIA T4", "580.65.06", null, "7.5") }));

    [Test]
    public void Memory_of_a_process_is_that_behind_its_number()
    {
        Assert.That(NvidiaSmi.ReadOwn(["12, 100", "123, 4567"], 123), Is.EqualTo(4567));
        Assert.That(NvidiaSmi.ReadOwn(["12, 100", "123, [N/A]"], 123), Is.Null);
        Assert.That(NvidiaSmi.ReadOwn([], 123), Is.Null);
    }
}
