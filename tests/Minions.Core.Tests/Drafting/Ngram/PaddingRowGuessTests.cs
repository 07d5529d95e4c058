using CsCheck;
using Minions.Core.Drafting.Ngram;

namespace Minions.Core.Tests.Drafting.Ngram;

public class PaddingRowGuessTests
{
    [Test]
    public void It_is_an_id_that_followed_the_longest_earlier_place_like_the_end() => Gen.Int[0, 3].Array[1, 60].Sample(
        text =>
        {
            var filler = new PaddingRowGuess(text.Length, new SharedHitRates(PaddingRowGuess.PriorStrength));
            for (int length = 1; length <= text.Length; length++)
            {
                ReadOnlySpan<int> known = text.AsSpan(0, length);
                filler.Guess(known);
                int? guess = filler.Id;
                (int longest, HashSet<int> followers) = LongestMatches(known);
                if (longest == 0)
                    Assert.That((guess, filler.Probability), Is.EqualTo(((int?)null, 0.0)));
                else
                    Assert.That(followers, Does.Contain(guess));
            }
        },
        iter: 300);

    // Short enough that the index sees every place.
    private static (int Length, HashSet<int> Followers) LongestMatches(ReadOnlySpan<int> text)
    {
        int longest = 0;
        HashSet<int> followers = [];
        foreach (int place in Newest(text))
        {
            int length = 0;
            while (length <= place && text[place - length] == text[^(length + 1)])
                length++;
            length = Math.Min(length, SuffixIndex.LongestMatch);
            if (length > longest)
                (longest, followers) = (length, []);
            if (length == longest && length > 0)
                followers.Add(text[place + 1]);
        }

        return (longest, followers);
    }

    // A walk along one chain looks at so many places, those that share the last id or the last six.
    private static List<int> Newest(ReadOnlySpan<int> text)
    {
        List<int> ones = [], sixes = [];
        for (int place = text.Length - 2; place >= 0; place--)
        {
            if (text[place] == text[^1])
                ones.Add(place);
            if (place >= 5 && text[(place - 5)..(place + 1)].SequenceEqual(text[^6..]))
                sixes.Add(place);
        }

        // The text's own end is one of the places.
        return (sixes.Count > 0 ? sixes : ones)[..Math.Min(SuffixIndex.MostCandidates - 1, (sixes.Count > 0 ? sixes : ones).Count)];
    }
}
