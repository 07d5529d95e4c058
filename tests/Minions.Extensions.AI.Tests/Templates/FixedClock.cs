using System.Globalization;

namespace Minions.Extensions.AI.Tests.Templates;

/// <summary>A clock that stands still, without a time zone.</summary>
internal sealed class FixedClock(string now) : TimeProvider
{
    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    public override DateTimeOffset GetUtcNow() => DateTimeOffset.Parse(now, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);
}
