using CsCheck;
using Minions.Core.Sampling;

namespace Minions.Core.Tests.Sampling;

public class NaturalLogarithmTests
{
    [Test]
    public void Agrees_with_the_library_to_a_few_units_in_the_last_place() => Gen.Double[1e-300, 1e300].Sample(
        x => Assert.That(NaturalLogarithm.Of(x), Is.EqualTo(Math.Log(x)).Within(4).Ulps),
        iter: 20_000);

    [Test]
    public void Stays_accurate_beside_one() => Gen.Long[1, 1L << 52].Sample(
        n =>
        {
            double x = 1 - n * (1.0 / (1L << 53));
            Assert.That(NaturalLogarithm.Of(x), Is.EqualTo(Math.Log(x)).Within(6).Ulps);
        },
        iter: 20_000);

    [TestCase(1.0, 0x0000_0000_0000_0000UL)]
    [TestCase(2.0, 0x3FE6_2E42_FEFA_39EFUL)]
    [TestCase(0.1, 0xC002_6BB1_BBB5_5515UL)]
    [TestCase(0.99999999999999988898, 0xBCA0_0000_0000_0000UL)]
    [TestCase(1.1102230246251565e-16, 0xC042_5E4F_7B27_37FAUL)]
    [TestCase(36.736800569677101, 0x400C_D48A_14A6_8F37UL)]
    public void Bits_are_pinned(double value, ulong bits) =>
        Assert.That(BitConverter.DoubleToUInt64Bits(NaturalLogarithm.Of(value)), Is.EqualTo(bits));
}
