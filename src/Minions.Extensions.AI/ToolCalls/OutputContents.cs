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

    // A call that was cut off must not be run: whoever runs calls passes by what is for information.
    private static FunctionCallContent ToContent(ToolCall call) => new(call.Id, call.Name, call.Arguments)
    {
        Exception = call.Error,
        InformationalOnly = call.IsCutOff,
        RawRepresentation = call,
    };
}
