namespace Minions.Benchmarks;

/// <summary>An argument cannot be used. The message begins with the argument as it was typed.</summary>
internal sealed class BadInputException(string message, Exception? cause = null) : Exception(message, cause);
