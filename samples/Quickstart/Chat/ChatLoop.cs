using Quickstart.Chat.Commands;

namespace Quickstart.Chat;

/// <summary>Line by line: a command is carried out, anything else is asked.</summary>
internal sealed class ChatLoop(ChatSession session, ChatCommands commands, LineSource lines, ChatView view, Interruption interruption)
{
    /// <summary>Runs until the user leaves or the input ends.</summary>
    /// <exception cref="OperationCanceledException">The run was interrupted while nothing was being answered.</exception>
    public async Task RunAsync()
    {
        while (await lines.ReadAsync(interruption.Run) is { } line)
        {
            if (string.IsNullOrWhiteSpace(line))
                continue;

            CommandOutcome outcome = commands.Read(line);
            if (outcome.Message is { } message)
                view.Say(message);
            if (outcome.Leaves)
                return;
            if (outcome.Question is { } question)
                await session.AskAsync(question, outcome.AsksAgain);
        }
    }
}
