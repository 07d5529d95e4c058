using Minions.Core.SpeculationLength;

namespace Minions.Core.Tests.SpeculationLength;

/// <summary>Controllers are shared by requests on several threads.</summary>
public class SharedControllerTests
{
    private static readonly ISpeculationLengthController[] Controllers = [new GoodputSpeculationLength(), new TrendSpeculationLength(), new FixedSpeculationLength(3)];

    [TestCaseSource(nameof(Controllers))]
    public void Requests_on_several_threads_do_not_disturb_each_other(ISpeculationLengthController controller)
    {
        VirtualText text = VirtualText.Unsure(1, 4000, 0.7);
        double[] goodputs = new double[4];
        Parallel.For(0, goodputs.Length, new ParallelOptions { MaxDegreeOfParallelism = goodputs.Length }, i =>
            goodputs[i] = new VirtualDecoding(controller, VirtualMachine.Flat).Run(text).Goodput);

        double plain = VirtualDecoding.GoodputOf(0, text, VirtualMachine.Flat);
        Assert.That(goodputs, Has.All.GreaterThan(1.2 * plain));
    }

    [TestCaseSource(nameof(Controllers))]
    public void A_round_allocates_nothing(ISpeculationLengthController controller)
    {
        ISpeculationLengthPlanner planner = controller.OpenRequest(new SpeculationLimits(0, 16));
        float[] signs = new float[16];
        Array.Fill(signs, 0.8f);
        Rounds(planner, signs);

        long before = GC.GetAllocatedBytesForCurrentThread();
        Rounds(planner, signs);
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);
    }

    private static void Rounds(ISpeculationLengthPlanner planner, float[] signs)
    {
        for (int i = 0; i < 200; i++)
        {
            int planned = planner.Plan(new RoundOutlook(100, 100, 3)).Length;
            int chain = planner.Shorten(new ChainOutlook(signs.AsSpan(0, planned), signs.AsSpan(0, planned)));
            planner.Observe(new RoundObservation(
                planned, chain, chain / 2, chain / 2 + 1, TimeSpan.FromMilliseconds(planned), TimeSpan.FromMilliseconds(5 + chain), chain + 1, 1, 100, planned));
        }
    }
}
