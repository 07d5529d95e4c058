namespace Minions.Benchmarks.Heads;

/// <summary>A text that the target wrote, and what a head's chains would have been worth at each place of it.</summary>
/// <param name="Domain">What kind of prompt it answers.</param>
/// <param name="Right">
/// By place in the answer, from its second id on, and by step of the chain that begins there: whether the head's choice is the text's id, given the text's ids
/// before it. Near the end chains are as long as the text.
/// </param>
internal sealed record ChainAgreement(string Domain, bool[][] Right)
{
    /// <summary>The longest chain.</summary>
    public const int Steps = 5;

    /// <summary>The share of places where a step's choice was right, whatever the steps before it chose; not a number where there are none.</summary>
    /// <param name="texts">The texts.</param>
    /// <param name="step">The step, from 0.</param>
    public static double Share(IEnumerable<ChainAgreement> texts, int step) => Mean(texts.SelectMany(text => text.Right).Where(chain => chain.Length > step).Select(chain => chain[step]));

    /// <summary>The same of those places only where all steps before it were right: what <c>speculation.json</c> beside a head tells.</summary>
    public static double ShareBehindRight(IEnumerable<ChainAgreement> texts, int step) =>
        Mean(texts.SelectMany(text => text.Right).Where(chain => chain.Length > step && chain.Take(step).All(right => right)).Select(chain => chain[step]));

    /// <summary>The ids that a round commits where every chain has a fixed length.</summary>
    public static double TokensPerRound(IEnumerable<ChainAgreement> texts, int length)
    {
        long tokens = 0, rounds = 0;
        foreach (ChainAgreement text in texts)
        {
            for (int place = 0; place < text.Right.Length;)
            {
                int committed = Math.Min(text.Right[place].Take(length).TakeWhile(right => right).Count() + 1, text.Right.Length - place);
                (tokens, rounds, place) = (tokens + committed, rounds + 1, place + committed);
            }
        }

        return rounds == 0 ? double.NaN : (double)tokens / rounds;
    }

    private static double Mean(IEnumerable<bool> rights) => rights.Select(right => right ? 1.0 : 0).DefaultIfEmpty(double.NaN).Average();
}
