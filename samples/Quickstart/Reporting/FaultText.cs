namespace Quickstart.Reporting;

/// <summary>What an exception says to somebody who sees no code.</summary>
internal static class FaultText
{
    /// <summary>The message, without the parameter's name that the framework puts behind it.</summary>
    public static string Of(Exception fault) => fault is ArgumentException { ParamName: { } name }
        ? fault.Message.Replace($" (Parameter '{name}')", "", StringComparison.Ordinal)
        : fault.Message;
}
