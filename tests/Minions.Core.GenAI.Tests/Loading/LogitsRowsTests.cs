using Minions.Core.GenAI.Loading;

namespace Minions.Core.GenAI.Tests.Loading;

internal sealed class LogitsRowsTests
{
    [Test]
    public void Brain_floats_are_the_upper_halves_of_singles()
    {
        float[] values = [0, -0f, 1, -2.5f, 3.140625f, float.PositiveInfinity, float.NaN, 1e-38f];
        ushort[] halves = [.. values.Select(value => (ushort)(BitConverter.SingleToUInt32Bits(value) >> 16))];
        float[] widened = new float[values.Length];
        LogitsRows.Widen(halves, widened);

        for (int i = 0; i < values.Length; i++)
            Assert.That(BitConverter.SingleToUInt32Bits(widened[i]), Is.EqualTo(BitConverter.SingleToUInt32Bits(values[i]) & 0xFFFF0000u), $"{values[i]}");
    }
}
