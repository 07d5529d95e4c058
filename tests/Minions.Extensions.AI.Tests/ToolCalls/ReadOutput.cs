using System.Text;
using System.Text.Json.Nodes;
using Minions.Extensions.AI.ToolCalls;

namespace Minions.Extensions.AI.Tests.ToolCalls;

/// <summary>What a reader told of an output.</summary>
internal sealed record ReadOutput(string Text, string Reasoning, IReadOnlyList<ToolCall> Calls, string Trace)
{
    /// <summary>Reads an output in pieces.</summary>
    public static ReadOutput Of(OutputSyntax syntax, IEnumerable<string> pieces, bool startsInReasoning = false)
    {
        ModelOutputReader reader = new(syntax, Tools.Catalog, startsInReasoning);
        List<OutputPart> parts = [];
        foreach (string piece in pieces)
            parts.AddRange(reader.Read(piece));
        parts.AddRange(reader.End());
        return From(parts);
    }

    public static ReadOutput Of(OutputSyntax syntax, string output, bool startsInReasoning = false) => Of(syntax, [output], startsInReasoning);

    /// <summary>Reads an output in pieces, each of a length that the lengths give in turn.</summary>
    public static IEnumerable<string> Split(string output, int[] lengths)
    {
        for (int at = 0, i = 0; at < output.Length; i++)
        {
            int length = Math.Min(lengths[i % lengths.Length], output.Length - at);
            yield return output.Substring(at, length);
            at += length;
        }
    }

    public IEnumerable<string> CallTexts => WholeCallTexts(Calls.Count);

    public IEnumerable<string> WholeCallTexts(int count) => Calls.Take(count).Select(call => $"{call.Name}({WrittenCall.Json(JsonNode.Parse(call.ArgumentsText))})");

    private static ReadOutput From(List<OutputPart> parts)
    {
        StringBuilder text = new();
        StringBuilder reasoning = new();
        StringBuilder trace = new();
        List<ToolCall> calls = [];
        char last = ' ';
        foreach (OutputPart part in parts)
        {
            switch (part)
            {
                case TextPart { Text: var words }:
                    text.Append(words);
                    trace.Append(last == 't' ? "" : "\ntext: ").Append(words);
                    last = 't';
                    break;
                case ReasoningPart { Text: var words }:
                    reasoning.Append(words);
                    trace.Append(last == 'r' ? "" : "\nreasoning: ").Append(words);
                    last = 'r';
                    break;
                case CallPart { Call: var call }:
                    calls.Add(call);
                    trace.Append($"\ncall: {call.Name} {call.ArgumentsText} {call.Error?.GetType().Name} {call.IsCutOff}");
                    last = 'c';
                    break;
            }
        }

        return new ReadOutput(text.ToString(), reasoning.ToString(), calls, trace.ToString());
    }
}
