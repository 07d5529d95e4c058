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
        pool.Add([1, 2, 3]);
        pool.Add([4, 5, 6]);

        Assert.That(Followers(pool, 2, 3), Is.Null);
        Assert.That(Followers(pool, 3, 4), Is.Null);
        Assert.That(Followers(pool, 4, 5), Is.EqualTo(6));
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
                pool.Add(output);
                Assert.That(pool.Count, Is.LessThanOrEqualTo(capacity));
                if (length > 5)
                    Assert.That(Enumerable.Range(3, 3).Any(back => Followers(pool, next - back, next - back + 1) is not null), "the newest ids are there, at most parted by a segment's end");
            }

            if (lengths.Where(length => length > 2).Sum() > 2 * capacity)
                Assert.That(Followers(pool, 0, 1), Is.Null, "the oldest are gone");
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

    private static void Finish(NgramDraft draft, int[] prompt, int[] output)
    {
        using IDraftSequence sequence = draft.OpenSequence(new SequenceOptions());
        var round = new DraftRequest(sequence);
        for (int i = 1; i <= output.Length; i++)
        {
            round.Prepare(prompt.Concat(output.Take(i)).ToArray(), 2);
            draft.Propose([round], CancellationToken.None);
        }
    }

    private static int[] Propose(NgramDraft draft, int[] context, int length)
    {
        using IDraftSequence sequence = draft.OpenSequence(new SequenceOptions());
        var round = new DraftRequest(sequence);
        round.Prepare(context, length);
        draft.Propose([round], CancellationToken.None);
        return round.Proposal.Tokens.ToArray();
    }

    private static int? Followers(OutputPool pool, params int[] text)
    {
        var continuations = new Continuations();
        pool.Collect(text, continuations);
        return continuations.Choose()?.Token;
    }
}
