using BenchmarkDotNet.Attributes;
using Minions.Core;
using Minions.Core.Drafting;
using Minions.Core.Speculation;
using Minions.Core.Voting;

namespace Minions.Benchmarks.Micro;

/// <summary>
/// A request's whole policy in a round: plan, vote, share out rows, learn. Drafts agree with each other and with the text for three ids; the fourth
/// is each draft's own.
/// </summary>
[MemoryDiagnoser]
public class PolicyBenchmarks
{
    private const int MaximumLength = 16;
    private const int Agreed = 3;
    private const int Remaining = 100;
    private const double StepMilliseconds = 0.3;
    private const double RunMilliseconds = 6;
    private const double RowMilliseconds = 0.3;

    // The text stays as it is, so nothing but the policy's own work is measured.
    private readonly int[] _text = [.. Enumerable.Range(0, 200)];
    private readonly int[] _next = [.. Enumerable.Range(200, Agreed + 1)];
    private readonly int[] _chain = new int[MaximumLength];
    private readonly RowAllocation _allocation = new(1);
    private Proposal[] _proposals = null!;
    private RequestPolicy _policy = null!;

    [Params(SpeculationLengthRule.Fixed, SpeculationLengthRule.Trend, SpeculationLengthRule.Goodput)]
    public SpeculationLengthRule Rule { get; set; }

    [Params(1, 3, 6)]
    public int Drafts { get; set; }

    [GlobalSetup]
    public void Open()
    {
        ISpeculationLengthController controller = Rule switch
        {
            SpeculationLengthRule.Goodput => new GoodputSpeculationLength(),
            SpeculationLengthRule.Trend => new TrendSpeculationLength(),
            _ => new FixedSpeculationLength(Agreed + 1),
        };
        var knowledge = new PolicyKnowledge(Drafts, new WeightedMajorityVote(), controller, DraftWeighting.FullInformation, runsAllDrafts: false);
        _policy = new RequestPolicy(knowledge, 0, MaximumLength, isFixed: false, minRows: 2, _text.Length + Remaining);
        _proposals = [.. Enumerable.Range(0, Drafts).Select(_ => new Proposal())];
    }

    [Benchmark]
    public int Round()
    {
        SpeculationRound round = _policy.Round;
        _policy.Plan(_text, Remaining, 0, 0);
        for (int i = 0; i < Drafts; i++)
        {
            _proposals[i].Clear();
            int length = round.Running.Contains(i) ? round.Plan.Length : round.Plan.Probes.Contains(i) ? 1 : 0;
            for (int position = 0; position < length; position++)
                _proposals[i].Add(position < Agreed ? _next[position] : 1000 + i, position < Agreed ? 0.9f : 0.5f);
            _policy.Propose(i, _proposals[i]);
        }

        _policy.Vote(_chain.AsSpan(0, round.ProposedLength));
        _policy.Shorten();
        if (!_policy.Survival.IsEmpty)
        {
            _allocation.Clear();
            _allocation.Add(_policy, pending: 1, minRows: 2);
            _allocation.Settle();
        }

        int accepted = Math.Min(Agreed, round.ChainLength);
        (round.DraftTime, round.DraftSteps) = (TimeSpan.FromMilliseconds(StepMilliseconds * round.ProposedLength), round.ProposedLength);
        (round.VerifyTime, round.Rows) = (TimeSpan.FromMilliseconds(RunMilliseconds + RowMilliseconds * round.ChainLength), Math.Max(2, round.ChainLength + 1));
        _policy.Observe(_next.AsSpan(0, accepted + 1), round.ChainLength, accepted, isLast: false);
        return round.ChainLength;
    }
}
