using CsCheck;
using Minions.Core.Drafting;
using Minions.Core.Drafting.Ngram;
using Minions.Core.Generation;

namespace Minions.Core.Tests.Drafting.Ngram;

internal sealed class OutputPoolTests
{
    [Test]
    public void An_output_helps_the_next_request_and_its_prompt_does_not()
    {
        using var draft = new NgramDraft(new NgramDraftOptions { PoolCapacity = 1024 });
        Finish(draft, prompt: [1, 2, 3, 4], output: [11, 12, 13, 14, 15]);

        Assert.That(Propose(draft, [50, 11, 12], 3), Is.EqualTo(new[] { 13, 14, 15 }));
        Assert.That(Propose(draft, [50, 1, 2], 3), Is.Empty);
    }

    [Test]
    public void Without_a_pool_requests_know_nothing_of_each_other()
    {
        using var draft = new NgramDraft();
        Finish(draft, prompt: [1, 2, 3, 4], output: [11, 12, 13, 14, 15]);

        Assert.That(Propose(draft, [50, 11, 12], 3), Is.Empty);
    }

    [Test]
    public void No_output_continues_into_the_next()
    {
        var pool = new OutputPool(2, 256);
        Add(pool, null, [1, 2, 3]);
        Add(pool, null, [4, 5, 6]);

        Assert.That(Followers(pool, null, 2, 3), Is.Null);
        Assert.That(Followers(pool, null, 3, 4), Is.Null);
        Assert.That(Followers(pool, null, 4, 5), Is.EqualTo(6));
    }

    [Test]
    public void The_pool_keeps_the_newest_outputs_within_its_bound() => Gen.Select(Gen.Int[256, 2000], Gen.Int[1, 700].Array[1, 40]).Sample(
        (capacity, lengths) =>
        {
            var pool = new OutputPool(2, capacity);
            int next = 0;
            foreach (int length in lengths)
            {
                int[] output = [.. Enumerable.Range(next, length)];
                next += length;
                Add(pool, null, output);
                Assert.That(pool.Count, Is.LessThanOrEqualTo(capacity));
                if (length > 5)
                    Assert.That(Enumerable.Range(3, 3).Any(back => Followers(pool, null, next - back, next - back + 1) is not null), "the newest ids are there, at most parted by a segment's end");
            }

            if (lengths.Where(length => length > 2).Sum() > 2 * capacity)
                Assert.That(Followers(pool, null, 0, 1), Is.Null, "the oldest are gone");
        },
        iter: 100);

    [Test]
    public void Requests_side_by_side_share_one_draft()
    {
        using var draft = new NgramDraft(new NgramDraftOptions { PoolCapacity = 512 });

        // Every text counts up from somewhere, so whatever is proposed from anywhere has to count on.
        Parallel.For(0, 200, request =>
        {
            using IDraftSequence sequence = draft.OpenSequence(new SequenceOptions());
            var round = new DraftRequest(sequence);
            int start = request * 37 % 300;
            int[] text = [.. Enumerable.Range(start, 60)];
            for (int length = 5; length <= text.Length; length += 3)
            {
                round.Prepare(text.AsMemory(0, length), 4);
                draft.Propose([round], CancellationToken.None);
                Assert.That(round.Fault, Is.Null);
                Assert.That(round.Proposal.Tokens.ToArray(), Is.EqualTo(Enumerable.Range(text[length - 1] + 1, round.Proposal.Count)));
            }
        });

        Assert.That(draft.Pool!.Count, Is.InRange(1, 512));
    }

    [Test]
    public void An_output_serves_its_own_key_alone_unless_keys_share([Values] bool share, [Values(null, "", "b")] string? other)
    {
        using var draft = new NgramDraft(new NgramDraftOptions { PoolCapacity = 1024, SharesPoolAcrossKeys = share });
        Finish(draft, [1], [11, 12, 13, 14, 15], "a");
        Finish(draft, [1], [11, 12, 23, 24, 25], "c");

        Assert.That(Propose(draft, [50, 11, 12], 3, other), share ? Is.EqualTo(new[] { 23, 24, 25 }) : Is.Empty);
        Assert.That(Propose(draft, [50, 11, 12], 3, "a"), Is.EqualTo(share ? [23, 24, 25] : new[] { 13, 14, 15 }));
    }

    [Test]
    public void A_request_sees_what_others_of_its_key_finish_while_it_runs()
    {
        using var draft = new NgramDraft(new NgramDraftOptions { PoolCapacity = 1024 });
        using IDraftSequence sequence = draft.OpenSequence(new SequenceOptions { CacheKey = "a" });
        var round = new DraftRequest(sequence);
        Finish(draft, [1], [11, 12, 13, 14, 15], "a");
        round.Prepare(new[] { 50, 11, 12 }, 3);
        draft.Propose([round], CancellationToken.None);

        Assert.That(round.Proposal.Tokens.ToArray(), Is.EqualTo(new[] { 13, 14, 15 }));
    }

    // Every key's ids lie in a range of their own, so a guess tells whose output it came from.
    [Test]
    public void The_bound_holds_over_all_keys_and_no_key_is_remembered_for_nothing() => Gen.Select(
        Gen.Int[256, 3000], Gen.Select(Gen.Int[0, 5], Gen.Int[0, 800]).Array[1, 60]).Sample(
        (capacity, outputs) =>
        {
            var pool = new OutputPool(2, capacity);
            int[] next = [.. Enumerable.Range(0, 6).Select(key => key * 100_000)];
            foreach ((int key, int length) in outputs)
            {
                Add(pool, $"{key}", [.. Enumerable.Range(next[key], length)]);
                next[key] += length;
                Assert.That(pool.Count, Is.LessThanOrEqualTo(capacity));
                Assert.That(pool.Keys, Is.LessThanOrEqualTo(Math.Min(6, pool.Count)), "only keys with outputs");
                if (length > 5)
                    Assert.That(Enumerable.Range(3, 3).Any(back => Followers(pool, $"{key}", next[key] - back, next[key] - back + 1) is not null), "the newest output is there");
                for (int other = 0; other < 6; other++)
                    Assert.That(other != key && Followers(pool, $"{other}", next[key] - 3, next[key] - 2) is not null, Is.False, "no other key sees it");
            }
        },
        iter: 200);

    [Test]
    public void A_long_match_in_an_old_output_comes_before_a_short_one_in_a_new_one()
    {
        var pool = new OutputPool(2, 256);
        Add(pool, null, [1, 2, 3, 4, 5, 6, 7, 8]);
        for (int i = 0; i < 3; i++)
            Add(pool, null, [.. Enumerable.Range(100 + 100 * i, 40), 5, 6, 99]);

        Assert.That(Followers(pool, null, 1, 2, 3, 4, 5, 6), Is.EqualTo(7));
        Assert.That(Followers(pool, null, 0, 5, 6), Is.EqualTo(99));
    }

    private static void Add(OutputPool pool, string? key, int[] output) => pool.Close(pool.Open(key), output);

    private static void Finish(NgramDraft draft, int[] prompt, int[] output, string? key = null)
    {
        using IDraftSequence sequence = draft.OpenSequence(new SequenceOptions { CacheKey = key });
        var round = new DraftRequest(sequence);
        for (int i = 1; i <= output.Length; i++)
        {
            round.Prepare(prompt.Concat(output.Take(i)).ToArray(), 2);
            draft.Propose([round], CancellationToken.None);
        }
    }

    private static int[] Propose(NgramDraft draft, int[] context, int length, string? key = null)
    {
        using IDraftSequence sequence = draft.OpenSequence(new SequenceOptions { CacheKey = key });
        var round = new DraftRequest(sequence);
        round.Prepare(context, length);
        draft.Propose([round], CancellationToken.None);
        return round.Proposal.Tokens.ToArray();
    }

    private static int? Followers(OutputPool pool, string? key, params int[] text)
    {
        var continuations = new Continuations();
        PooledOutputs outputs = pool.Open(key);
        outputs.Collect(text, continuations);
        pool.Close(outputs, []);
        return continuations.Choose()?.Token;
    }
}
