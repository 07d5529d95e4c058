using Minions.Packages.Tests.Commands;

namespace Minions.Packages.Tests.Projects;

[NonParallelizable]
internal sealed class ConsoleProjectTests
{
    private static readonly PageCode Page = new("docs", "chat.md");

    [Test]
    [CancelAfter(10 * 60_000)]
    public async Task The_commands_and_the_program_of_the_page_of_chat_write_an_answer(CancellationToken limit)
    {
        string program = Page.In("csharp")[0];
        string question = program.Split("GetStreamingResponseAsync(\"")[1].Split('"')[0];
        var page = new PageRun();

        await page.RunAsync(Page.Commands[..^1], limit);
        page.WriteProgram(program);
        string written = await page.Shell.RunAsync(Page.Commands[^1], limit);

        Assert.That(program.Split('\n'), Has.Length.AtMost(10));
        Assert.That(written, Is.Not.Empty.And.EqualTo(await SameQuestion.AskAsync(question, limit)));
    }
}
