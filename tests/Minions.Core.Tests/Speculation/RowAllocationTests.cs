using CsCheck;
using Minions.Core.Drafting;
using Minions.Core.Speculation;
using Minions.Core.Voting;

namespace Minions.Core.Tests.Speculation;

public class RowAllocationTests
{
    private const int Most = 4;

    private static readonly Gen<Request> Requests = Gen.Select(Gen.Double[0.02, 1].Array[1, Most], Gen.Int[1, 2], Gen.Int[1, 3]).Select((chances, pending, minRows) =>
        new Request([.. chances.Select((_, i) => chances.Take(i + 1).Aggregate((all, chance) => all * chance))], pending, minRows));

    // What a run costs by its rows, one request's share of it.
    private static readonly Gen<double[]> Prices = Gen.Double[0, 0.4].Array[3 * (Most + 4)].Select(steps => steps.Select((_, i) => steps.Take(i).Sum()).ToArray());

    [Test]
    public void The_cut_is_the_best_of_all() => Gen.Select(Requests.Array[1, 3], Prices, Gen.Int[0, 3]).Sample((requests, prices, otherRows) =>
    {
        int[] cuts = Cut(requests, prices, otherRows);
        double best = Choices(requests).Max(lengths => Worth(requests, lengths, prices, otherRows));
        Assert.That(Worth(requests, cuts, prices, otherRows), Is.EqualTo(best).Within(0.01 * Most * requests.Length), "ids of less than a hundredth are left aside");
    });

    [Test]
    public void Rows_that_are_run_anyway_are_never_cut() => Gen.Select(Requests.Array[1, 3], Prices).Sample((requests, prices) =>
    {
        int[] cuts = Cut(requests, [.. prices.Select((price, rows) => price + 100 * rows)], otherRows: 0);
        Assert.That(cuts, Is.EqualTo(requests.Select(request => Math.Clamp(request.MinRows - request.Pending, 0, request.Survival.Length))));
    });

    [Test]
    public void Rows_that_cost_nothing_are_all_run() => Requests.Array[1, 3].Sample(requests =>
    {
        Request[] likely = [.. requests.Select(request => request with { Survival = [.. request.Survival.Select(_ => 0.5)] })];
        Assert.That(Cut(likely, new double[3 * (Most + 4)], otherRows: 0), Is.EqualTo(likely.Select(request => request.Survival.Length)));
    });

    // Up to six rows a run costs nothing, beyond that it is dear.
    [Test]
    public void A_sure_request_takes_what_an_unsure_one_leaves()
    {
        double[] prices = [.. Enumerable.Range(0, 20).Select(rows => rows <= 6 ? 0 : 10.0 * rows)];
        var sure = new Request([0.9, 0.8, 0.7, 0.6], 1, 1);
        var unsure = new Request([0.5, 0.2, 0.1, 0.05], 1, 1);
        Assert.That(Cut([sure, unsure], prices, otherRows: 0), Is.EqualTo(new[] { 4, 0 }));
        Assert.That(Cut([unsure, unsure], prices, otherRows: 0), Is.EqualTo(new[] { 2, 2 }));
        Assert.That(Cut([unsure, sure], prices, otherRows: 2), Is.EqualTo(new[] { 0, 2 }));
    }

    private static int[] Cut(Request[] requests, double[] prices, int otherRows)
    {
        RequestPolicy[] policies = [.. requests.Select(request => Voted(request, prices))];
        var allocation = new RowAllocation(requests.Length);

        // A second time, as from run to run.
        for (int run = 0; run < 2; run++)
        {
            allocation.Clear();
            if (otherRows > 0)
                allocation.Add(otherRows);
            for (int i = 0; i < requests.Length; i++)
                allocation.Add(policies[i], requests[i].Pending, requests[i].MinRows);
            allocation.Settle();
        }

        return [.. policies.Select(policy => policy.Round.ChainLength)];
    }

    private static RequestPolicy Voted(Request request, double[] prices)
    {
        var controller = new ScriptedController { Next = new SpeculationPlan(Most), Survival = request.Survival, Price = (rows, _) => prices[rows] };
        var knowledge = new PolicyKnowledge(1, new BestDraftVote(), controller, DraftWeighting.FullInformation, runsAllDrafts: true);
        var policy = new RequestPolicy(knowledge, 0, 16, isFixed: false, request.MinRows, 100);
        policy.Plan([1, 2, 3], 50, 0, 0);
        var proposal = new Proposal();
        foreach (double _ in request.Survival)
            proposal.Add(7);
        policy.Propose(0, proposal);
        policy.Vote(new int[proposal.Count]);
        policy.Shorten();
        return policy;
    }

    private static double Worth(Request[] requests, int[] lengths, double[] prices, int otherRows)
    {
        int rows = otherRows + requests.Zip(lengths, (request, length) => Math.Max(request.MinRows, request.Pending + length)).Sum();
        return requests.Zip(lengths, (request, length) => request.Survival.Take(length).Sum()).Sum() - requests.Length * prices[rows];
    }

    private static IEnumerable<int[]> Choices(ReadOnlyMemory<Request> requests) => requests.IsEmpty
        ? [[]]
        : from first in Enumerable.Range(0, requests.Span[0].Survival.Length + 1)
          from rest in Choices(requests[1..])
          select (int[])[first, .. rest];

    private sealed record Request(double[] Survival, int Pending, int MinRows);
}
