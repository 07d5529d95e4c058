namespace Quickstart.Chat.Commands;

/// <summary>What follows from a line that was typed.</summary>
/// <param name="Message">What is said to the user, or <see langword="null"/>.</param>
internal sealed record CommandOutcome(string? Message = null)
{
    /// <summary>What the model is asked, or <see langword="null"/>.</summary>
    public string? Question { get; init; }

    /// <summary>Whether <see cref="Question"/> is the last one again.</summary>
    public bool AsksAgain { get; init; }

    /// <summary>Whether the chat ends.</summary>
    public bool Leaves { get; init; }
}
