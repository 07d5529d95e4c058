using CsCheck;
using Minions.Core.Drafting;
using Minions.Core.Drafting.Ngram;
using Minions.Core.Generation;

namespace Minions.Core.Tests.Drafting.Ngram;

/// <summary>The n-gram draft tells of each id that it adds whether it would have guessed it.</summary>
public sealed class NgramScoringTests
{
    private const int Length = 8;

    [Test]
    public void Scores_are_the_guesses_made_at_each_place([Values(0, 512)] int pool) => Gen.Select(
        Gen.Int[0, 3].Array[2, 250], Gen.Int[0, 250], Gen.Int[0, 70], Gen.Int[1, 3]).Sample(
        (text, held, toScore, shortest) =>
        {
            held = Math.Min(held, text.Length);
            toScore = Math.Min(toScore, DraftRequest.MaxTokensToScore);
            using var draft = new NgramDraft(new NgramDraftOptions { MinMatchLength = shortest, PoolCapacity = pool });
            using IDraftSequence sequence = draft.OpenSequence(new SequenceOptions());
            var request = new DraftRequest(sequence);
            if (held > 0)
                Propose(draft, request, text[..held], 0);

            // Led astray in between, it scores all of what it takes in anew.
            int shared = held == 0 ? 0 : Math.Max(1, held / 2);
            if (shared > 0)
                Propose(draft, request, [.. text[..shared], 9, 9], 0);
            Propose(draft, request, text, toScore);

            Assert.That(request.ScoredTokens, Is.EqualTo(Math.Min(toScore, text.Length - Math.Max(1, shared))));
            for (int i = 0; i < request.ScoredTokens; i++)
            {
                int place = text.Length - request.ScoredTokens + i;
                bool agreed = (request.ScoredAgreements >> i & 1) != 0;
                Assert.That(agreed, Is.EqualTo(GuessAt(draft, text[..place]) == text[place]), $"place {place} of {text.Length}");
            }
        },
        iter: 60);

    [Test]
    public void Scoring_changes_no_proposal_and_allocates_nothing()
    {
        using NgramDraft scoring = new(), silent = new();
        int[] ids = [.. Enumerable.Range(0, 600).Select(i => i * i % 61)];
        using IDraftSequence one = scoring.OpenSequence(new SequenceOptions { ExpectedLength = ids.Length });
        using IDraftSequence other = silent.OpenSequence(new SequenceOptions { ExpectedLength = ids.Length });
        DraftRequest scored = new(one), unscored = new(other);
        Propose(scoring, scored, ids[..10], 64);
        Propose(silent, unscored, ids[..10], 0);
        long allocated = 0;
        int agreements = 0;
        for (int length = 12; length < ids.Length; length += 7)
        {
            scored.Prepare(ids.AsMemory(0, length), Length, tokensToScore: 64);
            long before = GC.GetAllocatedBytesForCurrentThread();
            scoring.Propose([scored], CancellationToken.None);
            allocated += GC.GetAllocatedBytesForCurrentThread() - before;
            agreements += System.Numerics.BitOperations.PopCount(scored.ScoredAgreements);

            Propose(silent, unscored, ids[..length], 0);
            Assert.That(scored.Proposal.Tokens.ToArray(), Is.EqualTo(unscored.Proposal.Tokens.ToArray()));
            Assert.That(scored.Proposal.Probabilities.ToArray(), Is.EqualTo(unscored.Proposal.Probabilities.ToArray()));
        }

        Assert.That(allocated, Is.Zero);
        Assert.That(agreements, Is.GreaterThan(50));
    }

    private static int? GuessAt(NgramDraft draft, int[] text)
    {
        // Not disposed: the pool must not learn from it.
        var request = new DraftRequest(draft.OpenSequence(new SequenceOptions()));
        Propose(draft, request, text, 0);
        return request.Proposal.Count > 0 ? request.Proposal.Tokens[0] : null;
    }

    private static void Propose(NgramDraft draft, DraftRequest request, int[] text, int toScore)
    {
        request.Prepare(text, Length, tokensToScore: toScore);
        draft.Propose([request], CancellationToken.None);
        Assert.That(request.Fault, Is.Null);
    }
}
