using CsCheck;
using Minions.Core.Drafting;
using Minions.Core.Speculation;

namespace Minions.Core.Tests.Speculation;

/// <summary>What a busy machine may do to times, and what it may not do to lengths.</summary>
public class GoodputNoiseTests
{
    private const int Length = 12_000;

    [Test]
    public void A_load_that_all_runs_share_and_scattered_times_cost_little([Values(1, 2, 3)] int seed)
    {
        for (int percent = 10; percent <= 95; percent += 5)
        {
            VirtualText text = VirtualText.Unsure(seed, Length, percent / 100.0);
            VirtualMachine machine = VirtualMachine.Flat;
            double goodput = new VirtualDecoding(new GoodputSpeculationLength(), machine with { Disturbance = Busy(seed) }).Run(text).Goodput;
            Assert.That(goodput / VirtualDecoding.BestFixed(text, machine), Is.GreaterThanOrEqualTo(0.93), $"right in {percent} % of the places");
        }
    }

    [Test]
    public void One_run_that_took_a_thousand_times_as_long_changes_nothing()
    {
        VirtualText text = VirtualText.Unsure(1, Length, 0.8);
        VirtualMachine machine = VirtualMachine.Flat with { Disturbance = round => round % 500 == 100 ? 1000 : 1 };
        double goodput = new VirtualDecoding(new GoodputSpeculationLength(), machine).Run(text).Goodput;
        Assert.That(goodput / VirtualDecoding.BestFixed(text, VirtualMachine.Flat), Is.GreaterThanOrEqualTo(0.95));
    }

    // Code is compiled, sequences are opened, memory is found: what drafts take at first says nothing about what they will.
    [Test]
    public void Drafts_that_are_slow_at_first_are_not_given_up([Values(1, 2, 3)] int seed)
    {
        VirtualText text = VirtualText.Unsure(seed, 2000, 0.7);
        VirtualMachine machine = VirtualMachine.Flat;
        var decoding = new VirtualDecoding(new GoodputSpeculationLength(), machine with { DraftDisturbance = drafted => drafted == 0 ? 60 : drafted < 5 ? 20 : 1 });
        decoding.Run(text);
        Assert.That(decoding.GoodputFrom(300) / VirtualDecoding.BestFixed(text, machine), Is.GreaterThanOrEqualTo(0.9));
    }

    // One step of these takes as long as two target runs: no compilation does.
    [Test]
    public void Drafts_that_are_slow_by_themselves_get_no_trials([Values(1, 2, 3)] int seed)
    {
        VirtualText text = VirtualText.Unsure(seed, 2000, 0.7);
        VirtualMachine machine = VirtualMachine.Flat with { Step = 2 * VirtualMachine.Flat.Plain };
        VirtualDecoding decoding = new VirtualDecoding(new GoodputSpeculationLength(), machine).Run(text);
        Assert.That(decoding.Lengths.Count(round => round.Length > 0), Is.InRange(1, 12));
    }

    // A draft that takes over has a whole text to take in first; that is not what its steps cost.
    [Test]
    public void Drafts_that_take_turns_are_not_judged_by_their_catching_up([Values(1, 2, 3)] int seed)
    {
        VirtualText text = VirtualText.Unsure(seed, Length, 0.7);
        VirtualMachine machine = VirtualMachine.Flat;
        VirtualText sixfold = VirtualText.Together(Enumerable.Repeat(text, 6));
        int round = 0;
        var turns = new NarrowedDrafts(new GoodputSpeculationLength(), drafts => new DraftSet(1ul << round++ / 25 % drafts));
        var decoding = new VirtualDecoding(turns, machine with { Newcomer = 100 }, drafts: 6);
        Assert.That(decoding.Run(sixfold).Goodput / VirtualDecoding.BestFixed(text, machine), Is.GreaterThanOrEqualTo(0.97));
    }

    [Test]
    public void What_beginning_costs_does_not_shorten_chains([Values(1, 2, 3)] int seed)
    {
        for (int percent = 50; percent <= 90; percent += 10)
        {
            VirtualText text = VirtualText.Unsure(seed, Length, percent / 100.0);
            VirtualMachine machine = VirtualMachine.Steep with { Start = 3 };
            double goodput = new VirtualDecoding(new GoodputSpeculationLength(), machine).Run(text).Goodput;
            Assert.That(goodput / VirtualDecoding.BestFixed(text, machine), Is.GreaterThanOrEqualTo(0.97), $"right in {percent} % of the places");
        }
    }

    [Test]
    public void Plans_are_sane_whatever_is_observed() => Gen.Select(Gen.Int[0, 64], Gen.Int[0, 16], Gen.Double[0, 1e6].Array[1, 40]).Sample((maximum, others, times) =>
    {
        const int drafts = 3;
        var limits = new SpeculationLimits { Minimum = Math.Min(1, maximum), Maximum = maximum, Drafts = drafts };
        ISpeculationLengthPlanner planner = new GoodputSpeculationLength().OpenRequest(limits);
        var round = new SpeculationRound(drafts);
        double[] survival = new double[maximum];
        int context = 10;
        for (int i = 0; i < times.Length; i++)
        {
            SpeculationPlan plan = planner.Plan(new RoundOutlook
            {
                ContextLength = context,
                Remaining = 1 + times.Length - i,
                Drafts = DraftSet.First(drafts),
                OtherRows = others * 2,
                OtherRequests = others,
            });
            Assert.That(plan.Length, Is.InRange(0, maximum));
            Assert.That(plan.MinimumConfidence, Is.InRange(0f, 0.999f));
            float[] signs = new float[plan.Length];
            float[] support = new float[plan.Length];
            Array.Fill(signs, i % 3 == 0 ? float.NaN : i % 2);
            Array.Fill(support, i % 2 == 0 ? 1 : 0.1f);
            int chain = plan.Length == 0 ? 0 : planner.Shorten(new ChainOutlook(signs, support));
            Assert.That(chain, Is.InRange(0, plan.Length));
            if (chain > 0 && planner.TryPredict(new ChainOutlook(signs.AsSpan(0, chain), support.AsSpan(0, chain)), survival.AsSpan(0, chain)))
            {
                Assert.That(survival.Take(chain), Is.All.InRange(0.0, 1.0));
                Assert.That(survival.Take(chain), Is.Ordered.Descending);
            }

            Assert.That(planner.PriceOfRun(chain + 1, others + 1), Is.GreaterThanOrEqualTo(0));
            int accepted = i % 2 == 0 ? chain : 0;
            TimeSpan time = TimeSpan.FromTicks((long)times[i]);
            round.Begin(plan, context);
            (round.ProposedLength, round.VotedLength, round.ChainLength, round.Accepted, round.Committed) = (plan.Length, plan.Length, chain, accepted, accepted + 1);
            (round.DraftTime, round.VerifyTime, round.Rows, round.Requests) = (time, time, chain + 1 + others * 2, others + 1);
            foreach (ref DraftRound draft in round.Drafts)
                (draft.Agreed, draft.Evaluated, draft.NewTokens) = (accepted, Math.Min(plan.Length, accepted + 1), context);
            planner.Observe(round);
            context += accepted + 1;
        }
    });

    // Twice as slow every now and then, and a fifth up or down in every run.
    private static Func<int, double> Busy(int seed)
    {
        var random = new Random(seed);
        double load = 1;
        int left = 0;
        return _ =>
        {
            if (left-- <= 0)
                (load, left) = (random.Next(2) + 1, random.Next(20, 200));
            return load * Math.Exp(0.4 * (random.NextDouble() + random.NextDouble() + random.NextDouble() - 1.5));
        };
    }
}
