using Microsoft.ML.OnnxRuntime;
using Minions.Core.OnnxRuntime.Sessions;

namespace Minions.Core.Tests.OnnxRuntime.Sessions;

/// <summary>Managed and native part are of one major and minor version, or refused in a sentence that names both and what to reference.</summary>
public sealed class RuntimeVersionsTests
{
    private static readonly Version Managed = new(1, 31, 1, 0);

    [TestCase("1.31.1")]
    [TestCase("1.31.0")]
    [TestCase("1.31.7")]
    [TestCase("1.31.2-dev-20261001")]
    [TestCase("1.31.0+abcdef")]
    public void Patches_go_together(string native) => Assert.That(RuntimeVersions.FindMismatch(Managed, native), Is.Null);

    [TestCase("1.30.2")]
    [TestCase("1.32.0")]
    [TestCase("2.31.1")]
    [TestCase("0.31.1")]
    [TestCase("1.3.1")]
    [TestCase("1.31x")]
    [TestCase("nightly")]
    [TestCase("")]
    public void Others_are_refused_by_name(string native) => Assert.That(
        RuntimeVersions.FindMismatch(Managed, native),
        Does.Contain($"has version {native},").And.Contain("1.31.1").And.Contain("of version 1.31,").And.Contain("Microsoft.ML.OnnxRuntime.Gpu"));

    [Test]
    public void The_library_in_use_can_be_asked_without_the_managed_part()
    {
        NativeLibrary.Load();

        Assert.That(NativeVersion.Find(), Is.EqualTo(OrtEnv.Instance().GetVersionString()));
        Assert.That(RuntimeVersions.FindMismatch(NativeLibrary.ManagedVersion, NativeVersion.Find()!), Is.Null);
    }
}
