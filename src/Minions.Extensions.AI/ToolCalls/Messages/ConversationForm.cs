namespace Minions.Extensions.AI.ToolCalls.Messages;

/// <summary>What a template makes of the messages of a conversation, and so in which of the forms that mean the same they are put.</summary>
internal sealed record ConversationForm
{
    /// <summary>Where tools are announced.</summary>
    public ToolPlacement Tools { get; init; }

    /// <summary>Whether the template shows tools, but nothing tells how its model writes calls.</summary>
    public bool CallsUnknown { get; init; }

    /// <summary>Where calls are put.</summary>
    public CallPlacement Calls { get; init; }

    /// <summary>Whether results come as messages of the user: the template leaves those of the role <c>tool</c> out, or refuses them.</summary>
    public bool ResultsFromUser { get; init; }

    /// <summary>Where the text of a message with calls is put.</summary>
    public TextPlacement TextBesideCalls { get; init; }

    /// <summary>Whether the text of a message with calls is left out wherever it is put.</summary>
    public bool DropsTextBesideCalls { get; init; }

    /// <summary>Where system messages may be.</summary>
    public SystemPlacement System { get; init; }

    /// <summary>Whether a message of the role <c>developer</c> is put as one of the role <c>system</c>.</summary>
    public bool DeveloperAsSystem { get; init; }

    /// <summary>Whether messages of the user that follow each other become one.</summary>
    public bool MergesUsers { get; init; }

    /// <summary>Whether answers that follow each other become one.</summary>
    public bool MergesAnswers { get; init; }

    /// <summary>Whether the reasoning since the last question is put between its markers into the text: the template reads no member for it.</summary>
    public bool ReasoningInContent { get; init; }
}

/// <summary>Where tools are announced.</summary>
internal enum ToolPlacement
{
    /// <summary>The template's variable <c>tools</c>.</summary>
    Variable,

    /// <summary>The member <c>tools</c> of the system message, as JSON.</summary>
    SystemMember,

    /// <summary>The text of the system message.</summary>
    SystemText,
}

/// <summary>Where calls are put.</summary>
internal enum CallPlacement
{
    /// <summary>All calls of a message in its member <c>tool_calls</c>.</summary>
    Together,

    /// <summary>The same, but each call in a message of its own, with its result behind it.</summary>
    OneByOne,

    /// <summary>The text of the message, in the model's markup.</summary>
    Content,
}

/// <summary>Where the text of a message with calls is put.</summary>
internal enum TextPlacement
{
    /// <summary>In the same message.</summary>
    Together,

    /// <summary>In a message of its own, before it.</summary>
    Apart,

    /// <summary>Behind the reasoning, in one with it: the template shows nothing else beside calls.</summary>
    WithReasoning,
}

/// <summary>Where system messages may be.</summary>
internal enum SystemPlacement
{
    /// <summary>Anywhere.</summary>
    Anywhere,

    /// <summary>At the start, one or more.</summary>
    Leading,

    /// <summary>At the start, one.</summary>
    First,

    /// <summary>Nowhere: what they say is put before what the user says.</summary>
    Nowhere,
}
