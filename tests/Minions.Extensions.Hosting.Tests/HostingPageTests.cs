using Minions.Core.Pipeline;

namespace Minions.Extensions.Hosting.Tests;

/// <summary>The page about hosting names what the code has.</summary>
public sealed class HostingPageTests
{
    [Test]
    public void The_phases_are_those_of_the_code() => Assert.That(
        File.ReadAllText(RepositoryFiles.PathOf("docs", "hosting.md")),
        Does.Contain($"({string.Join(", ", Enum.GetNames<LoadPhase>().Select(phase => $"`{phase}`"))})"));
}
