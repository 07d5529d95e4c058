using Minions.Core.OnnxRuntime;
using Minions.Core.OnnxRuntime.Sessions;

namespace Minions.Core.Tests.OnnxRuntime;

public sealed class OnnxModelOptionsTests
{
    [TestCase(ExecutionProvider.Auto, null)]
    [TestCase(ExecutionProvider.Cpu, SessionDevice.Cpu)]
    [TestCase(ExecutionProvider.Cuda, SessionDevice.Cuda)]
    public void All_that_is_asked_for_reaches_the_session(ExecutionProvider provider, object? device)
    {
        var options = new OnnxModelOptions
        {
            Provider = provider,
            DeviceId = 3,
            ProviderOptions = { ["gpu_mem_limit"] = "1" },
            SessionEntries = { ["session.own"] = "yes" },
            IntraOpThreads = 5,
        };
        SessionRequest request = options.ToSessionRequest(defaultIntraOpThreads: 7);
        Assert.Multiple(() =>
        {
            Assert.That(request.Device, Is.EqualTo(device));
            Assert.That(request.DeviceId, Is.EqualTo(3));
            Assert.That(request.ProviderOptions, Is.EqualTo(options.ProviderOptions));
            Assert.That(request.Entries, Is.EqualTo(options.SessionEntries));
            Assert.That((request.IntraOpThreads, request.DefaultIntraOpThreads), Is.EqualTo((5, 7)));
        });
    }

    [Test]
    public void An_unknown_provider_is_refused_by_its_number() => Assert.That(
        () => new OnnxModelOptions { Folder = "somewhere", Provider = (ExecutionProvider)9 }.ToSessionRequest(1),
        Throws.TypeOf<ModelLoadException>().With.Message.Contain("'9'").And.Property("Path").EqualTo("somewhere"));
}
