using Minions.Extensions.AI.ToolCalls.Reading;

namespace Minions.Extensions.AI.ToolCalls.Formats;

/// <summary>Granite 3: a JSON list behind <c>&lt;|tool_call|&gt;</c>, in 3.1 behind <c>&lt;tool_call&gt;</c>, that nothing but its bracket ends.</summary>
internal sealed class GraniteFormat : IToolCallFormat
{
    public string Name => "Granite";

    public IReadOnlyList<string> Openers { get; } = ["<|tool_call|>", "<tool_call>"];

    public bool IsMentionedIn(string templateSource) =>
        templateSource.Contains("<|tool_call|>", StringComparison.Ordinal) && !templateSource.Contains("<|/tool_call|>", StringComparison.Ordinal);

    public IEnumerable<ReadStep> Read(CallReading reading) => JsonCalls.Read(reading, null);
}
