using Minions.Core.Drafting;

namespace Minions.Core.Tests.Speculation;

/// <summary>
/// A text of which is known beforehand where each draft is right and how sure it is: every way of speculating meets the same luck.
/// </summary>
internal sealed record VirtualText(IReadOnlyList<VirtualGuesses> Drafts)
{
    public int Length => Drafts[0].IsRight.Length;

    /// <summary>One draft, whose chances differ from id to id; it may know them.</summary>
    public static VirtualText Of(int seed, int length, Func<Random, double> chance, bool tellsChance = true)
    {
        var random = new Random(seed);
        var guesses = new VirtualGuesses(new bool[length], new float[length], seed);
        for (int i = 0; i < length; i++)
        {
            double here = chance(random);
            guesses.IsRight[i] = random.NextDouble() < here;
            guesses.Probabilities[i] = tellsChance ? (float)here : float.NaN;
        }

        return new VirtualText([guesses]);
    }

    /// <summary>A draft that is right at random and does not know when.</summary>
    public static VirtualText Unsure(int seed, int length, double chance) => Of(seed, length, _ => chance, tellsChance: false);

    /// <summary>A draft that is sure of everything and wrong, or right, everywhere.</summary>
    public static VirtualText Sure(int length, bool right)
    {
        var guesses = new VirtualGuesses(new bool[length], new float[length], Mind: 0);
        Array.Fill(guesses.IsRight, right);
        Array.Fill(guesses.Probabilities, 0.99f);
        return new VirtualText([guesses]);
    }

    /// <summary>The same text with the drafts of all of these.</summary>
    public static VirtualText Together(params IEnumerable<VirtualText> texts) => new([.. texts.SelectMany(text => text.Drafts)]);

    /// <summary>One text after the other.</summary>
    public VirtualText Then(VirtualText next) => new([.. Drafts.Zip(next.Drafts, (guesses, later) => guesses.Then(later))]);

    /// <summary>The text's beginning.</summary>
    public VirtualText First(int length) => new([.. Drafts.Select(guesses => guesses.First(length))]);

    /// <summary>The text with some of its drafts only.</summary>
    public VirtualText Only(DraftSet drafts) => new([.. Drafts.Where((_, draft) => drafts.Contains(draft))]);
}
