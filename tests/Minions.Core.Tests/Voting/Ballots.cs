using CsCheck;
using Minions.Core.Drafting;
using Minions.Core.Voting;

namespace Minions.Core.Tests.Voting;

/// <summary>Ballots of a few drafts over a tiny vocabulary, so that proposals often agree.</summary>
internal static class Ballots
{
    public static Gen<(int Token, float Probability)[]> Proposals { get; } =
        Gen.Select(Gen.Int[0, 3], Gen.OneOf(Gen.Float[0.01f, 1], Gen.Const(float.NaN))).Array[0, 6];

    public static Gen<((int Token, float Probability)[] Ids, double Weight)[]> Any { get; } =
        Gen.Select(Proposals, Gen.Double[0.1, 10]).Array[1, 6];

    public static int[] Vote(IVotingPolicy policy, params (int[] Tokens, double Weight)[] drafts) =>
        Vote(policy, [.. drafts.Select(draft => (draft.Tokens.Select(token => (token, float.NaN)).ToArray(), draft.Weight))]);

    public static int[] Vote(IVotingPolicy policy, params ((int Token, float Probability)[] Ids, double Weight)[] drafts)
    {
        Proposal[] proposals = [.. drafts.Select(draft => Propose(draft.Ids))];
        double[] weights = [.. drafts.Select(draft => draft.Weight)];
        var chain = new int[proposals.Max(proposal => proposal.Count)];
        int length = policy.Vote(new Ballot(proposals, weights), chain);
        return chain[..length];
    }

    public static Proposal Propose(params (int Token, float Probability)[] ids)
    {
        var proposal = new Proposal();
        foreach ((int token, float probability) in ids)
            proposal.Add(token, probability);
        return proposal;
    }

    public static Proposal Propose(params int[] tokens) => Propose([.. tokens.Select(token => (token, float.NaN))]);
}
