namespace Minions.Core.Drafting.Ngram;

/// <summary>
/// Sorts guesses into classes that are right about equally often: by the length of the match, and by how often and how unanimously
/// the id followed there.
/// </summary>
internal static class Evidence
{
    /// <summary>The number of classes.</summary>
    public const int Count = 7 * 6;

    /// <summary>How often guesses of a match length are right when one earlier place speaks for them, measured on texts of small chat models.</summary>
    private static readonly float[] ByLength = [0.30f, 0.50f, 0.68f, 0.75f, 0.80f, 0.86f, 0.93f];

    /// <summary>The odds against that when the id followed once, twice or more often without exception, mostly, partly, and rarely.</summary>
    private static readonly float[] ByAgreement = [1, 2.5f, 5, 0.8f, 0.35f, 0.2f];

    /// <summary>The class of a guess.</summary>
    /// <param name="length">The length of the longest match, at least 1.</param>
    /// <param name="occurrences">How often the id followed matches of this length.</param>
    /// <param name="total">How many such matches there are.</param>
    public static int Of(int length, int occurrences, int total)
    {
        double share = (double)occurrences / total;
        int lengths = length switch { <= 4 => length - 1, <= 6 => 4, <= 11 => 5, _ => 6 };
        int agreement = share switch { 1 => Math.Min(occurrences, 3) - 1, > 0.66 => 3, > 0.4 => 4, _ => 5 };
        return lengths * ByAgreement.Length + agreement;
    }

    /// <summary>The share of right guesses to expect before anything was seen.</summary>
    public static float[] Expectations()
    {
        float[] shares = new float[Count];
        for (int i = 0; i < Count; i++)
        {
            float share = ByLength[i / ByAgreement.Length];
            float odds = share / (1 - share) * ByAgreement[i % ByAgreement.Length];
            shares[i] = odds / (1 + odds);
        }

        return shares;
    }
}
