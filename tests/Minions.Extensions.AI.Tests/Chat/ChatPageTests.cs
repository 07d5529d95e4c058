using Microsoft.Extensions.AI;
using Minions.Extensions.AI.ToolCalls;

namespace Minions.Extensions.AI.Tests.Chat;

/// <summary>The tables of the pages about chats and tools are those of the code.</summary>
internal sealed class ChatPageTests
{
    [TestCase("chat.md", "| member of `ChatOptions` | |\n")]
    [TestCase("chat-clients.md", "| member of `ChatOptions` | Minions | ONNX Runtime GenAI | LLamaSharp |\n")]
    public void Every_member_of_the_options_has_a_line_and_every_line_a_member(string page, string head) => Assert.That(
        FirstCellsOf(page, head).SelectMany(cell => cell.Split('`').Where((_, part) => part % 2 == 1)),
        Is.EquivalentTo(typeof(ChatOptions).GetProperties().Select(property => property.Name)));

    [Test]
    public void Every_format_of_calls_has_a_line_and_every_line_a_format() => Assert.That(
        FirstCellsOf("tools.md", "| format | models | a call is |\n"),
        Is.EqualTo(ToolCallFormats.All.Select(format => format.Name)));

    private static IEnumerable<string> FirstCellsOf(string page, string head) =>
        File.ReadAllText(RepositoryFiles.PathOf("docs", page)).ReplaceLineEndings("\n").Split(head)[1].Split("\n\n")[0].Split('\n').Skip(1).Select(line => line.Split('|')[1].Trim());
}
