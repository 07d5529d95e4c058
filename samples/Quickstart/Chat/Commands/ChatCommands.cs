namespace Quickstart.Chat.Commands;

/// <summary>The commands of the chat, and what is none of them.</summary>
internal sealed class ChatCommands
{
    private readonly Conversation _conversation;

    public ChatCommands(Conversation conversation, ChatSettings settings)
    {
        _conversation = conversation;
        All =
        [
            new(["help"], "", "This list.", _ => new CommandOutcome(Help())),
            new(["exit", "quit"], "", "Leaves the chat.", _ => new CommandOutcome { Leaves = true }),
            new(["clear", "new"], "", "Begins a new conversation; settings stay.", _ => Clear()),
            new(["undo"], "", "Forgets the last question and its answer.", _ => Undo()),
            new(["retry"], "", "Asks the last question again, in place of its answer.", _ => Retry()),
            .. SettingCommands.Of(settings),
        ];
    }

    public IReadOnlyList<ChatCommand> All { get; }

    /// <summary>Carries out a line that is a command; another one is a question.</summary>
    public CommandOutcome Read(string line)
    {
        if (!line.StartsWith('/'))
            return new CommandOutcome { Question = line };
        if (line.StartsWith("//", StringComparison.Ordinal))
            return new CommandOutcome { Question = line[1..] };

        string[] words = line[1..].Split((char[]?)null, 2, StringSplitOptions.TrimEntries);
        if (All.FirstOrDefault(command => command.Names.Contains(words[0], StringComparer.OrdinalIgnoreCase)) is not { } command)
            return new CommandOutcome($"There is no command '/{words[0]}'. /help lists them; a question that begins with a slash is typed with two.");

        string argument = words.Length > 1 ? words[1] : "";
        return argument.Length > 0 && command.Argument.Length == 0
            ? new CommandOutcome($"/{words[0]} takes nothing behind it, but there is '{argument}'.")
            : command.Run(argument);
    }

    private CommandOutcome Clear()
    {
        _conversation.Clear();
        return new CommandOutcome("A new conversation.");
    }

    private CommandOutcome Undo() => new(_conversation.Undo() ? $"Forgotten. Turns left: {_conversation.Turns}." : "There is no turn to forget.");

    private CommandOutcome Retry() => _conversation.LastQuestion is { } question
        ? new CommandOutcome { Question = question, AsksAgain = true }
        : new CommandOutcome("There is no question to repeat yet.");

    private string Help()
    {
        int width = All.Max(command => command.Usage.Length);
        return string.Join('\n', All.Select(command => $"  {command.Usage.PadRight(width)}  {command.Meaning}")) + """


            A setting without a value shows what it is.
            A line that ends with \ goes on in the next one. // in front sends a text that begins with a slash.
            Ctrl+C stops an answer; while nothing is being answered it leaves.
            """;
    }
}
