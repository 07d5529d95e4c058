namespace Minions.Extensions.AI.ToolCalls;

/// <summary>A part of a model's output.</summary>
internal abstract record OutputPart;

/// <summary>Text of the answer.</summary>
internal sealed record TextPart(string Text) : OutputPart;

/// <summary>Text of the reasoning before it.</summary>
internal sealed record ReasoningPart(string Text) : OutputPart;

/// <summary>A call of a tool.</summary>
internal sealed record CallPart(ToolCall Call) : OutputPart;
