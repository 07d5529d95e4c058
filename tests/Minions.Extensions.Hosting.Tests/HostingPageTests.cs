using System.Reflection;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Logging;
using Minions.Core.Pipeline;

namespace Minions.Extensions.Hosting.Tests;

/// <summary>The page about hosting names what the code has.</summary>
public sealed partial class HostingPageTests
{
    private static readonly string Page = File.ReadAllText(RepositoryFiles.PathOf("docs", "hosting.md"));

    [Test]
    public void The_table_of_options_is_that_of_the_code() => Assert.That(
        OptionRow().Matches(Page).Select(row => row.Groups[1].Value),
        Is.EquivalentTo(typeof(LoadAtStartOptions).GetProperties().Select(property => property.Name)));

    [Test]
    public void The_phases_are_those_of_the_code() =>
        Assert.That(Page, Does.Contain($"({string.Join(", ", Enum.GetNames<LoadPhase>().Select(phase => $"`{phase}`"))})"));

    [Test]
    public void The_examples_are_the_code_that_is_compiled_here()
    {
        string source = File.ReadAllText(RepositoryFiles.PathOf("tests", "Minions.Extensions.Hosting.Tests", "HostingExample.cs")).ReplaceLineEndings("\n");
        string[] compiled = [.. Compiled().Matches(source).Select(match => Indentation().Replace(match.Groups[1].Value, ""))];
        string[] shown = [.. Shown().Matches(Page.ReplaceLineEndings("\n")).Select(match => match.Groups[1].Value)];
        Assert.That(string.Concat(shown), Is.EqualTo(string.Concat(compiled)));
    }

    [Test]
    public void No_two_messages_share_an_id()
    {
        int[] ids =
        [
            .. typeof(LoadAtStartOptions).Assembly.GetTypes()
                .SelectMany(type => type.GetMethods(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
                .Select(method => method.GetCustomAttribute<LoggerMessageAttribute>())
                .OfType<LoggerMessageAttribute>()
                .Select(message => message.EventId),
        ];
        Assert.That(ids, Is.Unique.And.Length.EqualTo(4));
    }

    [GeneratedRegex(@"^\| `(\w+)` \|", RegexOptions.Multiline)]
    private static partial Regex OptionRow();

    [GeneratedRegex(@"// <example>\n(.*?) *// </example>", RegexOptions.Singleline)]
    private static partial Regex Compiled();

    [GeneratedRegex("^        ", RegexOptions.Multiline)]
    private static partial Regex Indentation();

    [GeneratedRegex(@"```csharp\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Shown();
}
