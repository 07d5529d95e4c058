using Minions.Benchmarks.CommandLine;
using Minions.Benchmarks.Models;
using static Minions.Core.OnnxRuntime.ExecutionProvider;

namespace Minions.Benchmarks.Tests.CommandLine;

public sealed class ProviderChoiceTests
{
    [Test]
    public void What_is_typed_of_a_model_wins_over_what_is_typed_of_all_and_that_over_the_default()
    {
        Assert.That(new ProviderChoice().Resolve(Auto), Is.EqualTo(new ModelPlacement(Auto, Auto)));
        Assert.That(new ProviderChoice { Provider = Cuda, DeviceId = 1 }.Resolve(Auto), Is.EqualTo(new ModelPlacement(Cuda, Cuda, 1)));
        Assert.That(new ProviderChoice { Provider = Cuda, DraftProvider = Cpu }.Resolve(Auto), Is.EqualTo(new ModelPlacement(Cuda, Cpu)));
        Assert.That(new ProviderChoice { TargetProvider = Cuda }.Resolve(Cpu), Is.EqualTo(new ModelPlacement(Cuda, Cpu)));
    }

    [Test]
    public void The_argument_that_asked_for_CUDA_is_known()
    {
        var all = new ProviderChoice { Provider = Cuda };
        var target = new ProviderChoice { TargetProvider = Cuda };
        var notDrafts = new ProviderChoice { Provider = Cuda, DraftProvider = Cpu };

        Assert.That(new[] { all.CudaArgument(false), all.CudaArgument(true), all.CudaArgument(null) }, Is.All.EqualTo("--provider"));
        Assert.That(new[] { target.CudaArgument(false), target.CudaArgument(true), target.CudaArgument(null) }, Is.EqualTo(new[] { "--target-provider", null, "--target-provider" }));
        Assert.That(new[] { notDrafts.CudaArgument(false), notDrafts.CudaArgument(true) }, Is.EqualTo(new[] { "--provider", null }));
        Assert.That(new ProviderChoice { Provider = Auto }.CudaArgument(null), Is.Null);
    }
}
