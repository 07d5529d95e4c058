namespace Quickstart;

/// <summary>What the user typed cannot be used. The message names the argument as typed, what is wrong with it and what would work.</summary>
internal sealed class BadInputException(string message, Exception? cause = null) : Exception(message, cause);
