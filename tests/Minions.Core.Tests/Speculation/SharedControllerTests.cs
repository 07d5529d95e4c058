using Minions.Core.Speculation;

namespace Minions.Core.Tests.Speculation;

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
}
