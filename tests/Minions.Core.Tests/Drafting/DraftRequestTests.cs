using CsCheck;
using Minions.Core.Drafting;

namespace Minions.Core.Tests.Drafting;

public sealed class DraftRequestTests
{
    private readonly DraftRequest _request = new(new Sequence());

    [Test]
    public void Scores_are_kept_in_the_order_of_the_text() => Gen.Bool.Array[1, DraftRequest.MaxTokensToScore].Sample(
        agreements =>
        {
            var request = new DraftRequest(new Sequence());
            request.Prepare(new int[100], 1, tokensToScore: DraftRequest.MaxTokensToScore);
            for (int i = 0; i < agreements.Length; i++)
                request.Score(agreements[i]);
            Assert.That(request.ScoredTokens, Is.EqualTo(agreements.Length));
            Assert.That(Enumerable.Range(0, 64).Select(i => (request.ScoredAgreements >> i & 1) != 0), Is.EqualTo(agreements.Concat(new bool[64 - agreements.Length])));
        },
        iter: 50);

    [Test]
    public void No_more_is_scored_than_was_asked_for_and_the_first_id_of_a_text_never()
    {
        _request.Prepare(new int[3], 1);
        Assert.That(_request.TokensToScore, Is.Zero);
        Assert.That(() => _request.Score(true), Throws.InvalidOperationException);

        _request.Prepare(new int[3], 1, tokensToScore: 10);
        Assert.That(_request.TokensToScore, Is.EqualTo(2));
        Assert.That(() => _request.Prepare(new int[3], 1, tokensToScore: 65), Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(() => _request.Prepare(new int[3], 1, tokensToScore: -1), Throws.TypeOf<ArgumentOutOfRangeException>());
    }

    [Test]
    public void A_part_of_the_context_may_be_supposed_and_never_all_of_it()
    {
        _request.Prepare(new int[3], 1, supposedTokens: 2);
        Assert.That(_request.SupposedTokens, Is.EqualTo(2));
        _request.Prepare(new int[3], 1);
        Assert.That(_request.SupposedTokens, Is.Zero);
        Assert.That(() => _request.Prepare(new int[3], 1, supposedTokens: 3), Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(() => _request.Prepare(new int[3], 1, supposedTokens: -1), Throws.TypeOf<ArgumentOutOfRangeException>());
    }

    [Test]
    public void A_fault_and_the_next_round_drop_the_scores([Values] bool isFault)
    {
        _request.Prepare(new int[3], 1, tokensToScore: 2);
        _request.Score(true);
        if (isFault)
            _request.Fail(new InvalidOperationException());
        else
            _request.Prepare(new int[4], 1, tokensToScore: 2);
        Assert.That((_request.ScoredTokens, _request.ScoredAgreements), Is.EqualTo((0, 0UL)));
    }

    private sealed class Sequence : IDraftSequence
    {
        public void Dispose()
        {
        }
    }
}
