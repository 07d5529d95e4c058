using CsCheck;
using Minions.Benchmarks.EndToEnd.Scenarios;
using Minions.Core.Drafting;

namespace Minions.Benchmarks.Tests.EndToEnd.Scenarios;

public sealed class UselessDraftTests
{
    private const int Vocabulary = 50;

    [Test]
    public void Ids_are_of_the_vocabulary_and_as_sure_as_the_real_ones_in_their_order()
    {
        float[] sureness = [0.9f, 0.8f, 0.7f, 0.6f, 0.5f];
        UselessDraft draft = Draft(Vocabulary, sureness);
        DraftRound.Any.Sample(round =>
        {
            Proposal proposal = round.Ask(draft);
            int first = proposal.Count == 0 ? 0 : Array.IndexOf(sureness, proposal.Probabilities[0]);
            return proposal.Tokens.IndexOfAnyExceptInRange(0, Vocabulary - 1) < 0
                && proposal.Probabilities.SequenceEqual(Enumerable.Range(first, proposal.Count).Select(place => sureness[place % sureness.Length]).ToArray())
                && round.EndsAsAsked(proposal.Probabilities);
        });
    }

    [Test]
    public void Ids_are_other_ones_in_every_sequence()
    {
        UselessDraft draft = Draft(1 << 20, [0.5f]);
        IEnumerable<int> ids = Enumerable.Range(0, 20).SelectMany(_ => new DraftRound([3], 10).Ask(draft).Tokens.ToArray());

        Assert.That(ids.Distinct().Count(), Is.GreaterThan(190));
    }

    private static UselessDraft Draft(int vocabularySize, float[] sureness) => new(new ScriptedDraft(_ => 0), vocabularySize, sureness);
}
