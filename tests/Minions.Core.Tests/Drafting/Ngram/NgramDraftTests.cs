using CsCheck;
using Minions.Core.Drafting;
using Minions.Core.Drafting.Ngram;
using Minions.Core.Generation;

namespace Minions.Core.Tests.Drafting.Ngram;

internal sealed class NgramDraftTests
{
    [Test]
    public void A_periodic_text_is_continued_without_fault([Range(1, 7)] int period, [Values(1, 3, 16, 64)] int length)
    {
        using var draft = new NgramDraft();
        int[] text = [.. Enumerable.Range(0, 64).Select(i => i % period)];

        Proposal proposal = Propose(draft, text[..(period + 2)], length);

        Assert.That(proposal.Tokens.ToArray(), Is.EqualTo(Enumerable.Range(period + 2, length).Select(i => i % period)));
    }

    [Test]
    public void A_text_without_repetition_gets_no_proposal()
    {
        using var draft = new NgramDraft();

        Assert.That(Propose(draft, [1, 2, 3, 4, 5], 8).Count, Is.Zero);
        Assert.That(Propose(draft, [1], 8).Count, Is.Zero);
    }

    [TestCase(1, true)]
    [TestCase(2, true)]
    [TestCase(3, false)]
    public void A_match_shorter_than_the_shortest_is_none(int shortest, bool isFound)
    {
        using var draft = new NgramDraft(new NgramDraftOptions { MinMatchLength = shortest });

        Assert.That(Propose(draft, [7, 1, 2, 3, 8, 1, 2], 1).Count, Is.EqualTo(isFound ? 1 : 0));
    }

    [Test]
    public void The_proposal_ends_behind_the_id_at_which_confidence_does()
    {
        using var draft = new NgramDraft();
        int[] text = [.. Enumerable.Range(0, 40).Select(i => i % 5)];
        Proposal all = Propose(draft, text, 16);
        Assert.That(all.Count, Is.EqualTo(16));

        float confidence = 1;
        int kept = 0;
        while (confidence >= 0.8f)
            confidence *= all.Probabilities[kept++];

        Assert.That(Propose(draft, text, 16, 0.8f).Count, Is.EqualTo(kept).And.LessThan(16).And.GreaterThan(1));
    }

    [Test]
    public void Probabilities_lie_above_0_and_at_most_at_1() => Gen.Select(Gen.Int[1, 5], Gen.Int[0, 1000]).Sample(
        (alphabet, seed) =>
        {
            using var draft = new NgramDraft(new NgramDraftOptions { MinMatchLength = 1, PriorStrength = 1, PoolCapacity = 256 });
            for (int request = 0; request < 3; request++)
            {
                var random = new Random(seed + request);
                using IDraftSequence sequence = draft.OpenSequence(new SequenceOptions());
                var round = new DraftRequest(sequence);
                int[] text = [.. Enumerable.Range(0, 120).Select(_ => random.Next(alphabet))];
                for (int length = 1; length < text.Length; length += 1 + random.Next(4))
                {
                    round.Prepare(text.AsMemory(0, length), 4);
                    draft.Propose([round], CancellationToken.None);
                    Assert.That(round.Fault, Is.Null);
                    Assert.That(round.Proposal.Probabilities.ToArray(), Has.All.GreaterThan(0f).And.All.LessThanOrEqualTo(1f));
                }
            }
        },
        iter: 100);

    [Test]
    public void A_sequence_that_was_led_astray_proposes_what_a_fresh_one_does() => Gen.Select(
        Gen.Int[0, 2].Array[1, 60], Gen.Int[0, 2].Array[0, 60], Gen.Int[0, 60]).Sample(
        (first, tail, shared) =>
        {
            int[] second = [.. first.Take(Math.Max(1, shared)), .. tail];
            using var draft = new NgramDraft();
            using IDraftSequence sequence = draft.OpenSequence(new SequenceOptions());
            var round = new DraftRequest(sequence);
            foreach (int[] text in new[] { first, second, first })
            {
                round.Prepare(text, 8);
                draft.Propose([round], CancellationToken.None);
                Assert.That(round.Proposal.Tokens.ToArray(), Is.EqualTo(Propose(draft, text, 8).Tokens.ToArray()));
            }
        },
        iter: 500);

    [Test]
    public void Confidence_follows_what_the_target_confirms()
    {
        int[] trusted = Repeating(40, noise: 0);
        int[] doubtful = Repeating(40, noise: 3);

        Assert.That(ConfidenceAfter(trusted), Is.GreaterThan(ConfidenceAfter(doubtful) + 0.2f));
    }

    [Test]
    public void What_a_request_learnt_is_where_the_next_one_starts()
    {
        using var draft = new NgramDraft();
        int[] probe = [1, 2, 3, 9, 1, 2];
        float before = Propose(draft, probe, 1).Probabilities[0];
        Follow(draft, Repeating(200, noise: 3));

        Assert.That(Propose(draft, probe, 1).Probabilities[0], Is.LessThan(before));
    }

    [Test]
    public void Faulty_options_are_refused_by_name() => Assert.Multiple(() =>
    {
        Assert.That(() => new NgramDraft(new NgramDraftOptions { Name = " " }), Throws.ArgumentException.With.Message.Contains("Name"));
        Assert.That(() => new NgramDraft(new NgramDraftOptions { MinMatchLength = 0 }), Throws.ArgumentException.With.Message.Contains("NgramDraftOptions.MinMatchLength must be between 1 and 32"));
        Assert.That(() => new NgramDraft(new NgramDraftOptions { PriorStrength = 0 }), Throws.ArgumentException.With.Message.Contains("NgramDraftOptions.PriorStrength must be between 1 and 1000"));
        Assert.That(() => new NgramDraft(new NgramDraftOptions { PoolCapacity = 100 }), Throws.ArgumentException.With.Message.Contains("take 0 for none, or 256 to"));
        Assert.That(() => new NgramDraft(new NgramDraftOptions { PoolCapacity = -1 }), Throws.ArgumentException);
    });

    /// <summary>Pairs that come again and again, each followed by an id of its own, which noise replaces by one of several.</summary>
    private static int[] Repeating(int pairs, int noise)
    {
        var random = new Random(5);
        var text = new List<int>();
        for (int i = 0; i < pairs; i++)
            text.AddRange([100 + i % 4, 200 + i % 4, 300 + i % 4 + (noise == 0 ? 0 : 10 * random.Next(noise * 40)), 1000 + i]);
        return [.. text];
    }

    private static float ConfidenceAfter(int[] text)
    {
        using var draft = new NgramDraft();
        return Follow(draft, text);
    }

    /// <summary>Proposes at every place of a text, as if the target committed one id a round; tells the last probability given behind a pair.</summary>
    private static float Follow(NgramDraft draft, int[] text)
    {
        using IDraftSequence sequence = draft.OpenSequence(new SequenceOptions());
        var round = new DraftRequest(sequence);
        float last = 0;
        for (int length = 1; length < text.Length; length++)
        {
            round.Prepare(text.AsMemory(0, length), 1);
            draft.Propose([round], CancellationToken.None);
            if (text[length - 1] is >= 200 and < 300 && round.Proposal.Count > 0)
                last = round.Proposal.Probabilities[0];
        }

        return last;
    }

    private static Proposal Propose(NgramDraft draft, int[] context, int length, float minimumConfidence = 0)
    {
        using IDraftSequence sequence = draft.OpenSequence(new SequenceOptions());
        var request = new DraftRequest(sequence);
        request.Prepare(context, length, minimumConfidence);
        draft.Propose([request], CancellationToken.None);
        Assert.That(request.Fault, Is.Null);
        return request.Proposal;
    }
}
