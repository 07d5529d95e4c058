using Microsoft.Extensions.AI;

namespace Minions.Extensions.AI.ToolCalls;

/// <summary>The parts of an output as contents of a chat response.</summary>
internal static class OutputContents
{
    /// <summary>Puts a part.</summary>
    public static AIContent ToContent(OutputPart part) => part switch
    {
        TextPart text => new TextContent(text.Text),
        ReasoningPart reasoning => new TextReasoningContent(reasoning.Text),
        CallPart call => ToContent(call.Call),
        _ => throw new ArgumentOutOfRangeException(nameof(part)),
    };

    // Whoever runs calls looks at no exception, and would run the tool with its defaults. What is for information only is passed by.
    private static FunctionCallContent ToContent(ToolCall call) => new(call.Id, call.Name, call.Arguments)
    {
        Exception = call.Error,
        InformationalOnly = call.Error is not null,
        RawRepresentation = call.ArgumentsText,
    };
}
