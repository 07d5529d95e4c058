namespace Minions.Extensions.AI.Tests.Templates;

/// <summary>A clock that cancels whatever reads it.</summary>
internal sealed class CancellingClock(CancellationTokenSource cancellation) : TimeProvider
{
    public override DateTimeOffset GetUtcNow()
    {
        cancellation.Cancel();
        return DateTimeOffset.UnixEpoch;
    }
}
