using Microsoft.Extensions.AI;

namespace Minions.Extensions.AI.Tests;

public class AssemblyTests
{
    [Test]
    public void The_abstractions_are_those_of_this_version() =>
        Assert.That(typeof(IChatClient).Assembly.GetName().Version?.Major, Is.EqualTo(10));
}
