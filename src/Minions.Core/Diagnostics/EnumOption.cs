namespace Minions.Core.Diagnostics;

/// <summary>Checks options that are one of a few names.</summary>
internal static class EnumOption
{
    /// <summary>Says what is wrong with a value that was cast from a number and has no name.</summary>
    /// <param name="value">What was given.</param>
    /// <returns>The value and the names, or <see langword="null"/> when it has one.</returns>
    public static string? FindFault<T>(T value)
        where T : struct, Enum => Enum.IsDefined(value) ? null : $"{value} must be one of {string.Join(", ", Enum.GetNames<T>())}.";

    /// <summary>Refuses a value without a name.</summary>
    /// <param name="value">What was given.</param>
    /// <param name="option">The option's name.</param>
    /// <exception cref="ArgumentOutOfRangeException">The value has no name; the message tells option, value and names.</exception>
    public static void Check<T>(T value, string option)
        where T : struct, Enum
    {
        if (FindFault(value) is { } fault)
            throw new ArgumentOutOfRangeException(option, value, $"{option}: {fault}");
    }
}
