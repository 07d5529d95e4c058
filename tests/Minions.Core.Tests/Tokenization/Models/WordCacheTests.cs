using CsCheck;
using Minions.Core.Tokenization.Models;

namespace Minions.Core.Tests.Tokenization.Models;

public class WordCacheTests
{
    private static readonly Gen<string> Words = Gen.String[Gen.Char['a', 'f'], 1, WordCache.LongestWord + 4];

    [Test]
    public void A_cache_answers_with_the_ids_of_the_word_itself_or_not_at_all() => Words.Array[1, 200].Sample(
        words =>
        {
            var cache = new WordCache();
            foreach (string word in words)
                cache.Add(word, IdsOf(word));
            return words.All(word => AnswersRightly(cache, word));
        },
        iter: 200);

    [Test]
    public void A_word_is_known_right_after_it_was_added_unless_it_is_too_long() => Words.Sample(word =>
    {
        var cache = new WordCache();
        cache.Add(word, IdsOf(word));
        return cache.TryAppend(word, []) == word.Length <= WordCache.LongestWord;
    });

    [Test]
    public void Ids_are_appended_behind_those_that_are_there()
    {
        var cache = new WordCache();
        cache.Add("word", [1, 2]);
        List<int> ids = [7];

        Assert.That(cache.TryAppend("word", ids), Is.True);
        Assert.That(ids, Is.EqualTo(new[] { 7, 1, 2 }));
    }

    [Test]
    public void A_cache_never_knows_more_words_than_its_capacity()
    {
        var cache = new WordCache();
        string[] words = [.. Enumerable.Range(0, 3 * WordCache.Capacity).Select(number => $"{number}")];
        foreach (string word in words)
            cache.Add(word, [0]);

        Assert.That(words.Count(word => cache.TryAppend(word, [])), Is.InRange(1, WordCache.Capacity));
    }

    [Test]
    public void Threads_that_share_a_cache_get_the_ids_of_their_words()
    {
        var cache = new WordCache();
        string[] words = [.. Enumerable.Range(0, 2 * WordCache.Capacity).Select(number => $"{number}")];
        int wrong = 0;
        Parallel.For(0, 4 * words.Length, index =>
        {
            string word = words[index * 7 % words.Length];
            if (!AnswersRightly(cache, word))
                Interlocked.Increment(ref wrong);
            cache.Add(word, IdsOf(word));
        });

        Assert.That(wrong, Is.Zero);
    }

    private static int[] IdsOf(string word) => [.. word.Select(character => (int)character)];

    private static bool AnswersRightly(WordCache cache, string word)
    {
        List<int> ids = [];
        return cache.TryAppend(word, ids) ? ids.SequenceEqual(IdsOf(word)) : ids.Count == 0;
    }
}
