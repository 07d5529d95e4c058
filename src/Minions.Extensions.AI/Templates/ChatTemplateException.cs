using Minions.Core;

namespace Minions.Extensions.AI.Templates;

/// <summary>
/// A chat template cannot be read, or cannot be rendered for these messages. The message names the template, the line, the tag and what is wrong, in
/// the words that Jinja and Python have for it.
/// </summary>
public sealed class ChatTemplateException : MinionsException
{
    internal ChatTemplateException(string templateName, int line, string? construct, ChatTemplateErrorKind kind, string reason, Exception? innerException)
        : base($"Chat template '{templateName}'{At(line, construct)}: {reason}", innerException)
    {
        TemplateName = templateName;
        Line = line;
        Construct = construct;
        Kind = kind;
        Reason = reason;
    }

    /// <summary>The name of the template.</summary>
    public string TemplateName { get; }

    /// <summary>The line of the template that the fault is on, from 1, or 0 where it has none.</summary>
    public int Line { get; }

    /// <summary>The tag that the fault is in, as the template writes it, cut after 80 characters; <see langword="null"/> where it is in none.</summary>
    public string? Construct { get; }

    /// <summary>What kind of fault it is.</summary>
    public ChatTemplateErrorKind Kind { get; }

    /// <summary>What is wrong, without the place.</summary>
    public string Reason { get; }

    private static string At(int line, string? construct) =>
        (line > 0 ? $", line {line}" : string.Empty) + (string.IsNullOrEmpty(construct) ? string.Empty : $", {construct}");
}
