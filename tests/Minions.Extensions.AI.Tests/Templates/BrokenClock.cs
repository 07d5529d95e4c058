namespace Minions.Extensions.AI.Tests.Templates;

/// <summary>A clock that fails.</summary>
internal sealed class BrokenClock(Exception failure) : TimeProvider
{
    public override DateTimeOffset GetUtcNow() => throw failure;
}
