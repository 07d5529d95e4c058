namespace Minions.Extensions.AI.Reasoning;

/// <summary>What surrounds the reasoning in the output of a model.</summary>
/// <param name="Open">What it starts with.</param>
/// <param name="Close">What it ends with.</param>
/// <param name="AnswerOpen">What the answer behind it starts with, in models that mark that too.</param>
/// <param name="AnswerClose">What the answer ends with.</param>
internal sealed record ReasoningMarkers(string Open, string Close, string AnswerOpen = "", string AnswerClose = "")
{
    /// <summary>
    /// Whether reasoning starts only where nothing but white space has come since the start or the last markup. A tag in angle brackets is also a
    /// word that an answer about tags says; a marker made of a special token is not.
    /// </summary>
    public bool OnlyFresh => Open.StartsWith('<') && !Open.StartsWith("<|", StringComparison.Ordinal);

    /// <summary>Whether a prompt ends inside reasoning, so that the output goes on with it.</summary>
    public bool IsOpenAtEndOf(string prompt) => prompt.AsSpan().TrimEnd().EndsWith(Open.AsSpan().TrimEnd(), StringComparison.Ordinal);
}
