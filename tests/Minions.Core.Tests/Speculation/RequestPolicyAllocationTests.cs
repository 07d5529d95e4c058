using Minions.Core.Drafting;
using Minions.Core.Speculation;
using Minions.Core.Tests.Voting;
using Minions.Core.Voting;

namespace Minions.Core.Tests.Speculation;

public class RequestPolicyAllocationTests
{
    private const int Drafts = 5;

    [Test]
    public void A_round_allocates_nothing(
        [ValueSource(nameof(Controllers))] ISpeculationLengthController controller,
        [ValueSource(typeof(VotingPolicies), nameof(VotingPolicies.All))] IVotingPolicy voting,
        [Values] bool runsAll)
    {
        var knowledge = new PolicyKnowledge(Drafts, voting, controller, DraftWeighting.FullInformation, runsAll);
        int[] text = [.. Enumerable.Range(0, 6000).Select(i => i % 7)];
        var policy = new RequestPolicy(knowledge, 0, 16, isFixed: false, minRows: 2, text.Length);
        var rounds = new Rounds(policy, text);
        rounds.Run(150);

        long before = GC.GetAllocatedBytesForCurrentThread();
        rounds.Run(150);
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);
    }

    private static IEnumerable<ISpeculationLengthController> Controllers() =>
        [new GoodputSpeculationLength(), new TrendSpeculationLength(), new FixedSpeculationLength(3)];

    /// <summary>Rounds of drafts that are right up to a place of their own.</summary>
    private sealed class Rounds(RequestPolicy policy, int[] text)
    {
        private readonly Proposal[] _proposals = [.. Enumerable.Range(0, Drafts).Select(_ => new Proposal(64))];
        private readonly Proposal _extension = new();
        private readonly RowAllocation _allocation = new(1);
        private readonly int[] _chain = new int[64];
        private int _length = 100;

        public void Run(int rounds)
        {
            for (int i = 0; i < rounds; i++)
                Run();
        }

        private void Run()
        {
            policy.Plan(text.AsSpan(0, _length), text.Length - _length, 0, 0);
            SpeculationRound round = policy.Round;
            for (int draft = 0; draft < Drafts; draft++)
                Propose(draft, round);
            if (round.Plan.Length > 0)
            {
                policy.Vote(_chain.AsSpan(0, round.ProposedLength));
                Extend(round.VotedLength, Math.Min(4, policy.Room));
                policy.Shorten();
            }

            if (!policy.Survival.IsEmpty)
            {
                _allocation.Clear();
                _allocation.Add(policy, 1, 2);
                _allocation.Settle();
            }

            int accepted = _chain.AsSpan(0, round.ChainLength).CommonPrefixLength(text.AsSpan(_length));
            round.DraftTime = TimeSpan.FromMilliseconds(round.ProposedLength);
            (round.VerifyTime, round.Rows) = (TimeSpan.FromMilliseconds(20), Math.Max(2, round.ChainLength + 1));
            policy.Observe(text.AsSpan(_length, accepted + 1), round.ChainLength, accepted, isLast: false);
            _length += accepted + 1;
        }

        private void Extend(int voted, int length)
        {
            if (length == 0)
                return;

            _extension.Clear();
            for (int i = voted; i < voted + length; i++)
                _extension.Add(_chain[i] = text[_length + i], 0.9f);
            policy.Extend(0, _extension);
        }

        private void Propose(int draft, SpeculationRound round)
        {
            Proposal proposal = _proposals[draft];
            proposal.Clear();
            int length = round.Running.Contains(draft) ? round.Plan.Length : round.Plan.Probes.Contains(draft) ? 1 : 0;
            for (int i = 0; i < length; i++)
                proposal.Add((_length + i) % (draft + 2) == 0 ? 100 + draft : text[_length + i], 0.8f);
            policy.Propose(draft, proposal);
        }
    }
}
