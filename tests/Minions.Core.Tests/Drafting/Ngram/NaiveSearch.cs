namespace Minions.Core.Tests.Drafting.Ngram;

/// <summary>What an index has to find, by looking at every place of the text.</summary>
internal static class NaiveSearch
{
    /// <summary>The continuation of the longest earlier match, or null: of several the most frequent, of equals the one met first from the end.</summary>
    public static (int Token, int Length, int Occurrences, int Total)? Find(ReadOnlySpan<int> text, int shortest, int longest)
    {
        int best = 0;
        List<int> followed = [];
        for (int place = text.Length - 2; place >= 0; place--)
        {
            int length = MatchLength(text, place, longest);
            if (length > best)
                (best, followed) = (length, []);
            if (length == best)
                followed.Add(text[place + 1]);
        }

        if (best < shortest)
            return null;

        IGrouping<int, int> winner = followed.GroupBy(token => token).MaxBy(group => group.Count())!;
        return (winner.Key, best, winner.Count(), followed.Count);
    }

    public static int MatchLength(ReadOnlySpan<int> text, int place, int longest)
    {
        int length = 0;
        while (length < longest && length <= place && text[place - length] == text[^(length + 1)])
            length++;
        return length;
    }
}
