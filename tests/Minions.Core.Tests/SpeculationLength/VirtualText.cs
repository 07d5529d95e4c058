namespace Minions.Core.Tests.SpeculationLength;

/// <summary>
/// A text of which is known beforehand where a draft is right and how sure it is: every way of speculating meets the same luck.
/// </summary>
internal sealed record VirtualText(bool[] IsRight, float[] Probabilities)
{
    public int Length => IsRight.Length;

    /// <summary>The draft's chances differ from id to id, and it may know them.</summary>
    public static VirtualText Of(int seed, int length, Func<Random, double> chance, bool tellsChance = true)
    {
        var random = new Random(seed);
        var text = new VirtualText(new bool[length], new float[length]);
        for (int i = 0; i < length; i++)
        {
            double here = chance(random);
            text.IsRight[i] = random.NextDouble() < here;
            text.Probabilities[i] = tellsChance ? (float)here : float.NaN;
        }

        return text;
    }

    /// <summary>A draft that is right at random and does not know when.</summary>
    public static VirtualText Unsure(int seed, int length, double chance) => Of(seed, length, _ => chance, tellsChance: false);

    /// <summary>A draft that is sure of everything and wrong, or right, everywhere.</summary>
    public static VirtualText Sure(int length, bool right)
    {
        var text = new VirtualText(new bool[length], new float[length]);
        Array.Fill(text.IsRight, right);
        Array.Fill(text.Probabilities, 0.99f);
        return text;
    }

    /// <summary>One text after the other.</summary>
    public VirtualText Then(VirtualText next) => new([.. IsRight, .. next.IsRight], [.. Probabilities, .. next.Probabilities]);
}
