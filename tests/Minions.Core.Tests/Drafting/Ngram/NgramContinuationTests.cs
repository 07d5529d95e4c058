using CsCheck;
using Minions.Core.Drafting;
using Minions.Core.Drafting.Ngram;
using Minions.Core.Generation;

namespace Minions.Core.Tests.Drafting.Ngram;

/// <summary>The n-gram draft goes on behind ids that are not certain.</summary>
internal sealed class NgramContinuationTests
{
    private const int Length = 6;

    [Test]
    public void It_goes_on_behind_a_chain_that_others_voted([Values(1, 3, 12)] int chain)
    {
        using var draft = new NgramDraft();
        using IDraftSequence sequence = draft.OpenSequence(new SequenceOptions());
        int[] text = [.. Enumerable.Range(0, 40).Select(i => i % 20)];
        var request = new DraftRequest(sequence);
        Propose(draft, request, text.AsMemory(0, 25));
        Propose(draft, request, text.AsMemory(0, 25 + chain), chain);

        Assert.That(request.Proposal.Tokens.ToArray(), Is.EqualTo(Enumerable.Range(25 + chain, Length).Select(i => i % 20)));
    }

    [Test]
    public void It_answers_nothing_where_it_has_not_taken_in_what_is_certain([Values(0, 24, 26)] int held)
    {
        using var draft = new NgramDraft();
        using IDraftSequence sequence = draft.OpenSequence(new SequenceOptions());
        int[] text = [.. Enumerable.Range(0, 40).Select(i => i % 20)];
        var request = new DraftRequest(sequence);
        if (held > 0)
            Propose(draft, request, text.AsMemory(0, held));
        Propose(draft, request, text.AsMemory(0, 28), supposed: 3);

        Assert.That((request.Proposal.Count, request.Fault), Is.EqualTo((0, (Exception?)null)));
    }

    [Test]
    public void It_stops_where_its_confidence_does()
    {
        using var draft = new NgramDraft();
        using IDraftSequence sequence = draft.OpenSequence(new SequenceOptions());
        int[] text = [.. Enumerable.Range(0, 40).Select(i => i % 20)];
        var request = new DraftRequest(sequence);
        Propose(draft, request, text.AsMemory(0, 25));
        request.Prepare(text.AsMemory(0, 27), Length, minimumConfidence: 0.999f, supposedTokens: 2);
        draft.Propose([request], CancellationToken.None);

        Assert.That(request.Proposal.Count, Is.EqualTo(1));
    }

    // Proposals, their probabilities, scores, and what the next request and the pool learn.
    [Test]
    public void Afterwards_it_is_as_if_it_had_never_been_asked([Values(0, 256)] int pool) => Gen.Select(
        Gen.Int[1, 4], Gen.Int[0, 100_000], Gen.Int[1, 3]).Sample(
        (alphabet, seed, shortest) =>
        {
            var random = new Random(seed);
            int[] text = [.. Enumerable.Range(0, 90).Select(_ => random.Next(alphabet))];
            using NgramDraft asked = Draft(), left = Draft();
            for (int request = 0; request < 2; request++)
            {
                using IDraftSequence one = asked.OpenSequence(new SequenceOptions());
                using IDraftSequence other = left.OpenSequence(new SequenceOptions());
                DraftRequest again = new(one), first = new(one), only = new(other);
                for (int length = 1; length < text.Length; length += 1 + random.Next(5))
                {
                    int toScore = random.Next(8);
                    Propose(asked, first, text.AsMemory(0, length), toScore: toScore);
                    Propose(left, only, text.AsMemory(0, length), toScore: toScore);
                    Assert.That(Answer(first), Is.EqualTo(Answer(only)), $"{length} ids");

                    // Behind what it guessed itself, what others did, or a text that it does not hold.
                    int[] chain = random.Next(3) switch { 0 => first.Proposal.Tokens.ToArray(), 1 => [7, 8], _ => [.. Enumerable.Range(0, 4).Select(_ => random.Next(alphabet))] };
                    int certain = random.Next(4) == 0 ? 1 + random.Next(text.Length - 1) : length;
                    if (chain.Length > 0)
                        Propose(asked, again, new ReadOnlyMemory<int>([.. text.AsSpan(0, certain), .. chain]), chain.Length);
                }
            }

            NgramDraft Draft() => new(new NgramDraftOptions { MinMatchLength = shortest, PriorStrength = 1, PoolCapacity = pool });
        },
        iter: 150);

    private static (string Tokens, string Probabilities, int Scored, ulong Agreements) Answer(DraftRequest request) => (
        string.Join(' ', request.Proposal.Tokens.ToArray()),
        string.Join(' ', request.Proposal.Probabilities.ToArray()),
        request.ScoredTokens,
        request.ScoredAgreements);

    private static void Propose(NgramDraft draft, DraftRequest request, ReadOnlyMemory<int> text, int supposed = 0, int toScore = 0)
    {
        request.Prepare(text, Length, tokensToScore: toScore, supposedTokens: supposed);
        draft.Propose([request], CancellationToken.None);
        Assert.That(request.Fault, Is.Null);
    }
}
