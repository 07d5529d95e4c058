using System.Numerics;

namespace Minions.Core.Sampling;

/// <summary>
/// The weights of a row's softmax as whole numbers, that of the largest logit being <see cref="OfLargest"/>. Whole numbers add up to the
/// same sum in any order, so where top-p cuts a row depends neither on the width of vectors nor on the processor.
/// </summary>
/// <param name="Maximum">The row's largest logit, finite.</param>
/// <param name="Temperature">What differences of logits are divided by, above 0.</param>
internal readonly record struct SoftmaxWeight(float Maximum, double Temperature)
{
    /// <summary>The largest weight; what lies below half of 1 rounds to 0.</summary>
    public const int OfLargest = 1 << FractionBits;

    /// <summary>How many nats below the largest logit every weight is 0.</summary>
    public const double Horizon = 22;

    private const int FractionBits = 30;
    private const int MantissaBits = 23;
    private const float Lowest = -40;

    // Adding it rounds a small float to a whole number, which then stands in the low bits.
    private const float Rounder = 1.5f * (1 << MantissaBits);

    // Taylor series of 2^x: at most 0.5 from 0 it is exact to a float.
    private const float C1 = 0.693147181f;
    private const float C2 = 0.240226507f;
    private const float C3 = 0.0555041087f;
    private const float C4 = 0.00961812911f;
    private const float C5 = 0.00133335581f;
    private const float C6 = 0.000154035304f;

    private readonly float _scale = (float)Math.Min(1.4426950408889634 / Temperature, 1e30);

    private static int RounderBits => BitConverter.SingleToInt32Bits(Rounder);

    /// <summary>The weight of a logit.</summary>
    public int Of(float logit) => (int)(Unrounded(logit) + 0.5f);

    /// <summary>What is rounded to the weight of a logit.</summary>
    public float Unrounded(float logit)
    {
        float power = Math.Max((logit - Maximum) * _scale, Lowest);
        float rounded = power + Rounder;
        float x = power - (rounded - Rounder);
        float fraction = (((((C6 * x + C5) * x + C4) * x + C3) * x + C2) * x + C1) * x + 1;
        int exponent = BitConverter.SingleToInt32Bits(rounded) - RounderBits + FractionBits;
        return BitConverter.Int32BitsToSingle(BitConverter.SingleToInt32Bits(fraction) + (exponent << MantissaBits));
    }

    /// <summary>The weights of several logits at once, the same as one by one.</summary>
    public Vector<int> Of(Vector<float> logits)
    {
        Vector<float> power = Vector.Max((logits - new Vector<float>(Maximum)) * _scale, new Vector<float>(Lowest));
        Vector<float> rounded = power + new Vector<float>(Rounder);
        Vector<float> x = power - (rounded - new Vector<float>(Rounder));
        Vector<float> fraction = x * C6 + new Vector<float>(C5);
        fraction = fraction * x + new Vector<float>(C4);
        fraction = fraction * x + new Vector<float>(C3);
        fraction = fraction * x + new Vector<float>(C2);
        fraction = fraction * x + new Vector<float>(C1);
        fraction = fraction * x + Vector<float>.One;
        Vector<int> exponents = Vector.AsVectorInt32(rounded) - new Vector<int>(RounderBits - FractionBits);
        Vector<float> weights = Vector.AsVectorSingle(Vector.AsVectorInt32(fraction) + (exponents << MantissaBits));
        return Vector.ConvertToInt32(weights + new Vector<float>(0.5f));
    }

    /// <summary>What share of a sum of weights a logit has, computed afresh so that small ones are not rounded away.</summary>
    public float Share(float logit, long mass) =>
        (float)Math.Min(1, Math.Exp(((double)logit - Maximum) / Temperature) * OfLargest / mass);

    /// <summary>A logit some nats below the largest, a nat being one temperature.</summary>
    public float Below(double nats) => (float)(Maximum - nats * Temperature);
}
