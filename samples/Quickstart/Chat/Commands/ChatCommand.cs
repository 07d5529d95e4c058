namespace Quickstart.Chat.Commands;

/// <summary>A command of the chat.</summary>
/// <param name="Names">What is typed, without the slash; the first name is the one that <c>/help</c> shows first.</param>
/// <param name="Argument">What may stand behind it, as <c>/help</c> shows it; empty where nothing may.</param>
/// <param name="Meaning">One line of help.</param>
/// <param name="Run">Carries it out. It gets what stands behind the name, trimmed, which is empty where nothing does.</param>
internal sealed record ChatCommand(IReadOnlyList<string> Names, string Argument, string Meaning, Func<string, CommandOutcome> Run)
{
    /// <summary>How it is typed.</summary>
    public string Usage => string.Join(", ", Names.Select(name => "/" + name)) + (Argument.Length > 0 ? " " + Argument : "");
}
