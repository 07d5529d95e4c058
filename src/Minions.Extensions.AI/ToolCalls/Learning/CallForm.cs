namespace Minions.Extensions.AI.ToolCalls.Learning;

/// <summary>What the text of a message is beside calls.</summary>
internal enum ContentForm
{
    /// <summary>Text.</summary>
    Text,

    /// <summary>Text without characters.</summary>
    Empty,

    /// <summary>None.</summary>
    Null,
}

/// <summary>How an assistant's message with calls is put to a template. Templates differ in what they accept.</summary>
/// <param name="ArgumentsAsText">Whether arguments are the text of a JSON object, instead of the object.</param>
/// <param name="Content">What the text is.</param>
/// <param name="Id">The id of a call, by its index.</param>
internal sealed record CallForm(bool ArgumentsAsText, ContentForm Content, Func<int, string> Id);
