using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;

namespace Minions.Extensions.AI.Tests.Chat;

[NonParallelizable]
internal sealed class ChatPageTests
{
    [TestCase("chat.md")]
    [TestCase("chat-clients.md")]
    public void Every_member_of_the_options_has_a_line_and_every_line_a_member(string page)
    {
        string[] lines = File.ReadAllLines(RepositoryFiles.PathOf("docs", page));
        IEnumerable<string> table = lines.SkipWhile(line => !line.StartsWith("| member of `ChatOptions` |", StringComparison.Ordinal)).Skip(2).TakeWhile(line => line.Length > 0);
        string[] named = [.. table.SelectMany(line => line.Split('|')[1].Split('`').Where((_, part) => part % 2 == 1))];

        Assert.That(named, Is.EquivalentTo(typeof(ChatOptions).GetProperties().Select(property => property.Name)));
    }

    [Test]
    public async Task The_example_of_the_page_answers()
    {
        string[] shown = CompiledExample.OnPage("docs", "chat.md").Split('\n');
        string compiled = CompiledExample.Of("tests", "Minions.Extensions.AI.Tests", "Chat", "ChatPageTests.cs");
        Assert.That(string.Join('\n', shown[3..]), Is.EqualTo(compiled), "behind the usings");

        TextWriter standard = Console.Out;
        using var written = new StringWriter();
        Console.SetOut(written);
        try
        {
            await AnswerAsync();
        }
        finally
        {
            Console.SetOut(standard);
        }

        Assert.That(written.ToString().Trim(), Is.Not.Empty);
    }

    private static async Task AnswerAsync()
    {
        // <example>
        ServiceCollection services = new();
        services.AddMinions().UseDemoModels().AddChatClient().UseFunctionInvocation();
        await using ServiceProvider provider = services.BuildServiceProvider();
        var client = provider.GetRequiredService<IChatClient>();
        await foreach (ChatResponseUpdate update in client.GetStreamingResponseAsync("Name a colour."))
            Console.Write(update.Text);
        // </example>
    }
}
