namespace Quickstart.Chat.Commands;

/// <summary>A setting that a command shows and changes.</summary>
/// <param name="name">The command, without the slash.</param>
/// <param name="argument">What may stand behind it, as <c>/help</c> shows it.</param>
/// <param name="meaning">One line of help.</param>
/// <param name="expected">What a value has to be, for the message where it is not.</param>
internal sealed class Setting(string name, string argument, string meaning, string expected)
{
    /// <summary>What holds, as it would be typed.</summary>
    public required Func<string> Show { get; init; }

    /// <summary>Takes a value, or returns <see langword="false"/> and leaves the setting as it is.</summary>
    public required Func<string, bool> Change { get; init; }

    public ChatCommand ToCommand() => new([name], argument, meaning, text => new CommandOutcome(
        text.Length == 0 || Change(text) ? $"{name}: {Show()}" : $"/{name}: '{text}' cannot be used. Give {expected}."));
}
