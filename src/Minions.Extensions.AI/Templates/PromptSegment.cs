namespace Minions.Extensions.AI.Templates;

/// <summary>A piece of a prompt.</summary>
public sealed class PromptSegment
{
    internal PromptSegment(string text, bool isContent) => (Text, IsContent) = (text, isContent);

    /// <summary>The text of the piece, which is not empty.</summary>
    public string Text { get; }

    /// <summary>Whether it comes from the input, or from what the template made of it.</summary>
    public bool IsContent { get; }
}
