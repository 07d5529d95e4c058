using System.Reflection;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Logging;
using Minions.Core;
using Minions.Core.GenAI;
using Minions.Extensions.AI;
using Minions.Extensions.Hosting;

namespace Minions.Docs.Tests.Pages;

/// <summary>The tables of exceptions and of messages are those of the code.</summary>
internal sealed partial class TroubleshootingPageTests
{
    private static readonly MarkdownPage Page = MarkdownPage.Of("docs/troubleshooting.md");

    private static readonly Assembly[] Packages =
        [typeof(SpeculativePipeline).Assembly, typeof(GenAIModelOptions).Assembly, typeof(LoadAtStartOptions).Assembly, typeof(MinionsChatClientOptions).Assembly];

    private static IEnumerable<LoggerMessageAttribute> Messages => Packages.SelectMany(package => package.GetTypes())
        .SelectMany(type => type.GetMethods(BindingFlags.Static | BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
        .Select(method => method.GetCustomAttribute<LoggerMessageAttribute>())
        .OfType<LoggerMessageAttribute>();

    [Test]
    public void Every_message_is_a_row_with_its_id_level_and_text_and_every_row_a_message() => Assert.That(
        Page.RowsUnder("Messages of the log").Select(row => $"{row[0]}, {row[1]}, {row[2]}"),
        Is.EqualTo(Messages.OrderBy(message => message.EventId).Select(message => $"{message.EventId}, {message.Level}, `{message.Message}`")));

    [Test]
    public void No_two_messages_of_all_packages_share_an_id() => Assert.That(Messages.Select(message => message.EventId), Is.Unique);

    [Test]
    public void Every_row_says_what_to_do() => Assert.That(Page.RowsUnder("Messages of the log").Concat(Page.RowsUnder("Exceptions")).Select(row => row[^1]), Has.All.Not.Empty);

    [Test]
    public void Every_exception_is_a_row_and_every_row_an_exception() => Assert.That(
        Page.RowsUnder("Exceptions").Select(row => row[0].Trim('`')),
        Is.EquivalentTo(Packages.SelectMany(package => package.GetExportedTypes()).Where(type => type.IsAssignableTo(typeof(Exception))).Select(type => type.Name)));

    [Test]
    public void Every_message_that_is_quoted_as_a_symptom_is_one_of_the_code()
    {
        string source = JoinOfTexts().Replace(
            string.Concat(Directory.EnumerateFiles(RepositoryFiles.PathOf("src"), "*.cs", SearchOption.AllDirectories).Where(file => !file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal)).Select(File.ReadAllText)), "");
        string[] quoted =
        [
            .. new[] { "It does not load", "It answers, but not as expected", "Slow" }.SelectMany(Page.RowsUnder)
                .SelectMany(row => row[0].Split('`').Where((_, part) => part % 2 == 1))
                .SelectMany(message => message.Split("..."))
                .Select(part => part.Trim(' ', ',', '\''))
                .Where(part => part.Split(' ').Length >= 3),
        ];

        Assert.That(quoted, Has.Length.GreaterThan(8));
        Assert.That(quoted.Where(part => !source.Contains(part, StringComparison.Ordinal)), Is.Empty);
    }

    // A message that is too long for a line is written in several texts.
    [GeneratedRegex(@"""\s*\n\s*\+\s*\$?""")]
    private static partial Regex JoinOfTexts();
}
