using Microsoft.Extensions.AI;
using Quickstart.Chat;
using Quickstart.Chat.Commands;
using Spectre.Console;

namespace Quickstart.Tests.Doubles;

/// <summary>A chat without a terminal: what it shows where these lines are typed.</summary>
internal sealed class ChatTranscript(IChatClient client)
{
    public Interruption Interruption { get; } = new();

    public ChatSettings Settings { get; init; } = new() { MaxTokens = 16 };

    public int ContextLength { get; init; } = 256;

    public bool Colors { get; init; }

    /// <summary>Types lines and ends the input.</summary>
    /// <returns>All that was shown.</returns>
    public Task<string> TypeAsync(params string[] lines) => ReadAsync(new StringReader(string.Join('\n', lines)));

    /// <inheritdoc cref="TypeAsync"/>
    public async Task<string> ReadAsync(TextReader reader)
    {
        using var written = new StringWriter();
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = Colors ? AnsiSupport.Yes : AnsiSupport.No,
            ColorSystem = Colors ? ColorSystemSupport.Standard : ColorSystemSupport.NoColors,
            Out = new AnsiConsoleOutput(written),
        });
        var view = new ChatView(console, ["a", "b"]);
        var conversation = new Conversation();
        var session = new ChatSession(client, ContextLength, conversation, Settings, view, Interruption);
        await new ChatLoop(session, new ChatCommands(conversation, Settings), new LineSource(reader, isTyped: false, view), view, Interruption).RunAsync();
        return written.ToString().ReplaceLineEndings("\n");
    }
}
