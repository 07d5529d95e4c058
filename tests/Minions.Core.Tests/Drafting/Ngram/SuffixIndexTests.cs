using CsCheck;
using Minions.Core.Drafting.Ngram;

namespace Minions.Core.Tests.Drafting.Ngram;

internal sealed class SuffixIndexTests
{
    // Few different ids make matches long and frequent; the long chain begins at six ids.
    private static readonly Gen<(int[] Text, int Shortest)> Texts = Gen.Int[1, 6].SelectMany(
        alphabet => Gen.Select(Gen.Int[0, alphabet - 1].Array[0, 200], Gen.Int[1, 9]));

    [Test]
    public void The_longest_match_is_the_one_a_naive_search_finds() => Texts.Sample(
        c =>
        {
            var index = new SuffixIndex(c.Shortest, 1, mostCandidates: int.MaxValue);
            foreach (int id in c.Text)
            {
                index.Append([id]);
                Assert.That(Choose(index), Is.EqualTo(Expected(index.Ids, c.Shortest)));
            }
        },
        iter: 500);

    [Test]
    public void A_bounded_walk_finds_the_same_where_the_phrase_is_not_too_frequent() => Texts.Sample(
        c =>
        {
            var index = new SuffixIndex(c.Shortest, 1);
            index.Append(c.Text);
            if (Occurrences(c.Text, c.Shortest) < SuffixIndex.MostCandidates)
                Assert.That(Choose(index), Is.EqualTo(Expected(c.Text, c.Shortest)));
            else
                Assert.That(Choose(index), Is.Not.Null, "among so many places one at least matches");
        },
        iter: 1000);

    [Test]
    public void Guesses_behind_the_text_are_searched_like_the_text() => Texts.Sample(
        c =>
        {
            int committed = c.Text.Length / 2;
            var index = new SuffixIndex(c.Shortest, 1, mostCandidates: int.MaxValue);
            index.Append(c.Text.AsSpan(0, committed));
            index.EnsureRoom(c.Text.Length);
            for (int i = committed; i < c.Text.Length; i++)
            {
                ReadOnlySpan<int> text = index.Suppose(i - committed, c.Text[i]);
                Assert.That(text.ToArray(), Is.EqualTo(c.Text[..(i + 1)]));

                // Places within the guesses are not indexed; the last committed one is, and a guess follows it.
                (int Token, int Length)? best = null;
                for (int place = 0; place < committed && place < i; place++)
                {
                    int length = NaiveSearch.MatchLength(text, place, SuffixIndex.LongestMatch);
                    if (length >= c.Shortest && length >= (best?.Length ?? 0))
                        best = (text[place + 1], length);
                }

                Assert.That(Choose(index, text) is null, Is.EqualTo(best is null));
            }
        },
        iter: 300);

    [Test]
    public void A_truncated_index_is_the_index_of_the_shorter_text() => Gen.Select(Texts, Gen.Int[0, 200], Texts).Sample(
        (first, cut, second) =>
        {
            var rewound = new SuffixIndex(first.Shortest, 1);
            rewound.Append(first.Text);
            rewound.Truncate(cut);
            Assert.That(rewound.Ids.ToArray(), Is.EqualTo(first.Text.Take(cut)));
            var fresh = new SuffixIndex(first.Shortest, rewound.Capacity);
            fresh.Append(rewound.Ids);
            foreach (int id in second.Text)
            {
                rewound.Append([id]);
                fresh.Append([id]);
                Assert.That(Choose(rewound), Is.EqualTo(Choose(fresh)));
            }
        },
        iter: 300);

    [TestCase(4096)]
    [TestCase(65536)]
    public void Memory_is_linear(int ids)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        var index = new SuffixIndex(2, ids);
        long made = GC.GetAllocatedBytesForCurrentThread();
        index.Append(new int[ids / 2]);
        index.Append([.. Enumerable.Range(0, ids / 2)]);

        Assert.That(made - before, Is.LessThan(40L * ids + 1024));
        Assert.That(index.Capacity, Is.EqualTo(ids), "a text of its capacity does not make it grow");
    }

    [Test]
    public void One_phrase_over_and_over_costs_no_more_than_a_bounded_walk()
    {
        var counting = new Continuations();
        var index = new SuffixIndex(1, 10_000);
        index.Append(new int[10_000]);

        Assert.That(index.Collect(index.Ids, index.Count, counting), Is.LessThan(SuffixIndex.MostCandidates));
    }

    private static Guess? Choose(SuffixIndex index) => Choose(index, index.Ids);

    private static Guess? Choose(SuffixIndex index, ReadOnlySpan<int> text)
    {
        var continuations = new Continuations();
        index.Collect(text, text.Length, continuations);
        return continuations.Choose();
    }

    private static Guess? Expected(ReadOnlySpan<int> text, int shortest) => NaiveSearch.Find(text, shortest, SuffixIndex.LongestMatch) is { } found
        ? new Guess(found.Token, Evidence.Of(found.Length, found.Occurrences, found.Total))
        : null;

    private static int Occurrences(int[] text, int order) =>
        Enumerable.Range(0, text.Length).Count(place => NaiveSearch.MatchLength(text, place, order) == order);
}
