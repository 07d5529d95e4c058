using CsCheck;
using Minions.Benchmarks.Heads;

namespace Minions.Benchmarks.Tests.Heads;

public sealed class ChainAgreementTests
{
    private static readonly Gen<ChainAgreement> Texts =
        Gen.Bool.Array[ChainAgreement.Steps].Array[1, 40].Select(chains => new ChainAgreement("any", [.. chains.Select((chain, place) => chain[..Math.Min(chain.Length, chains.Length - place)])]));

    [Test]
    public void Chains_that_are_always_right_commit_one_id_more_than_their_length()
    {
        ChainAgreement text = Of([.. Enumerable.Repeat(Enumerable.Repeat(true, ChainAgreement.Steps).ToArray(), 60)]);

        Assert.That(Enumerable.Range(1, ChainAgreement.Steps).Select(length => ChainAgreement.TokensPerRound([text], length)), Is.EqualTo(new[] { 2, 3, 4, 5, 6 }));
    }

    [Test]
    public void Chains_that_are_always_wrong_commit_the_targets_own_id() =>
        Assert.That(ChainAgreement.TokensPerRound([Of([[false, true], [false, true], [false]])], 2), Is.EqualTo(1));

    [Test]
    public void Every_place_is_committed_once_whatever_the_length() => Texts.Array[1, 4].Sample(texts => Enumerable.Range(1, ChainAgreement.Steps).All(length =>
    {
        double perRound = ChainAgreement.TokensPerRound(texts, length);
        double rounds = texts.Sum(text => text.Right.Length) / perRound;
        return perRound >= 1 && perRound <= length + 1 && Math.Abs(rounds - Math.Round(rounds)) < 1e-9;
    }));

    [Test]
    public void The_first_steps_share_is_the_same_with_and_without_a_condition() =>
        Texts.Sample(text => ChainAgreement.Share([text], 0) == ChainAgreement.ShareBehindRight([text], 0));

    [Test]
    public void A_step_counts_where_there_is_one_and_its_condition_holds()
    {
        ChainAgreement text = Of([true, true], [false, true], [true, false], [true]);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(ChainAgreement.Share([text], 0), Is.EqualTo(0.75));
            Assert.That(ChainAgreement.Share([text], 1), Is.EqualTo(2.0 / 3));
            Assert.That(ChainAgreement.ShareBehindRight([text], 1), Is.EqualTo(0.5));
            Assert.That(ChainAgreement.Share([text], 2), Is.NaN);
        }
    }

    private static ChainAgreement Of(params bool[][] right) => new("any", right);
}
