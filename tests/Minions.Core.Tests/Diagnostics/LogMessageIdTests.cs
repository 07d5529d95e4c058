using System.Reflection;
using Microsoft.Extensions.Logging;

namespace Minions.Core.Tests.Diagnostics;

public sealed class LogMessageIdTests
{
    [Test]
    public void No_two_messages_share_an_id()
    {
        int[] ids =
        [
            .. typeof(SpeculativePipeline).Assembly.GetTypes()
                .SelectMany(type => type.GetMethods(BindingFlags.Static | BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
                .Select(method => method.GetCustomAttribute<LoggerMessageAttribute>())
                .OfType<LoggerMessageAttribute>()
                .Select(message => message.EventId),
        ];

        Assert.That(ids, Has.Length.GreaterThan(15));
        Assert.That(ids, Is.Unique);
    }
}
