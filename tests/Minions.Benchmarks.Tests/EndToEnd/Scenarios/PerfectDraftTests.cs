using CsCheck;
using Minions.Benchmarks.EndToEnd.Scenarios;
using Minions.Core.Drafting;

namespace Minions.Benchmarks.Tests.EndToEnd.Scenarios;

public sealed class PerfectDraftTests
{
    // Few ids and short texts, so that texts begin alike.
    private static readonly Gen<int[]> Text = Gen.Int[0, 1].Array[2, 10];

    [Test]
    public void It_proposes_what_the_target_wrote_there_as_far_as_asked() =>
        Gen.Select(Text.Array[1, 4], Gen.Int[1, 10], DraftRound.Any).Sample((texts, place, any) => texts.All(text =>
        {
            DraftRound round = any with { Context = text[..Math.Min(place, text.Length - 1)] };
            Proposal proposal = round.Ask(Draft(texts));
            int[] written = [.. round.Context, .. proposal.Tokens];
            return texts.Any(possible => possible.AsSpan().StartsWith(written) && (possible.Length == written.Length || round.EndsAsAsked(proposal.Probabilities)))
                && proposal.Probabilities.IndexOfAnyExcept(PerfectDraft.Probability) < 0;
        }));

    [Test]
    public void It_proposes_nothing_behind_what_the_target_never_wrote() =>
        Gen.Select(Text.Array[0, 4], Text, DraftRound.Any).Where((texts, context, _) => !texts.Any(text => text.Length > context.Length && text.AsSpan().StartsWith(context)))
            .Sample((texts, context, round) => (round with { Context = context }).Ask(Draft(texts)).Count == 0);

    private static PerfectDraft Draft(int[][] texts) => new(new ScriptedDraft(_ => 0), new ReferenceTexts(texts));
}
