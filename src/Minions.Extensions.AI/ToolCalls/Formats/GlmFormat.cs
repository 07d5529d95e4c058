using System.Buffers;
using System.Text.Json.Nodes;
using Minions.Extensions.AI.ToolCalls.Reading;

namespace Minions.Extensions.AI.ToolCalls.Formats;

/// <summary>GLM 4.5 and later: the name behind <c>&lt;tool_call&gt;</c>, then a tag for the name and one for the value of each parameter.</summary>
internal sealed class GlmFormat : IToolCallFormat
{
    private const string Close = "</tool_call>";
    private const string KeyOpen = "<arg_key>";
    private const string ValueOpen = "<arg_value>";

    private static readonly string[] NameEnds = ["\n", KeyOpen, Close];

    private static readonly SearchValues<char> NoName = SearchValues.Create(" \t<>{}");

    public string Name => "GLM";

    public IReadOnlyList<string> Openers { get; } = ["<tool_call>"];

    public bool IsMentionedIn(string templateSource) => templateSource.Contains(KeyOpen, StringComparison.Ordinal);

    public IEnumerable<ReadStep> Read(CallReading reading)
    {
        OutputCursor cursor = reading.Cursor;
        while (!cursor.TrySkipSpace())
            yield return ReadStep.More;

        string name;
        bool named;
        while (!(named = cursor.TryTakeUntil(NameEnds, out name, out _)) && cursor.Searched <= HeaderedCalls.LongestHeader)
            yield return ReadStep.More;

        bool tooLong = !named || name.Length > HeaderedCalls.LongestHeader;
        name = name.Trim();
        if (tooLong || name.Length == 0 || name.AsSpan().ContainsAny(NoName))
            yield return ReadStep.NotMarkup;

        reading.Name = name;
        JsonObject arguments = [];
        while (true)
        {
            bool hasKey;
            while (!cursor.TryPass(KeyOpen, out hasKey))
                yield return ReadStep.More;
            if (!hasKey)
                break;

            string parameter;
            while (!cursor.TryTakeThrough("</arg_key>", out parameter))
                yield return ReadStep.More;
            while (!cursor.TryTakeThrough(ValueOpen, out _))
                yield return ReadStep.More;

            string value;
            while (!cursor.TryTakeThrough("</arg_value>", out value))
                yield return ReadStep.More;

            parameter = parameter.Trim();
            arguments[parameter] = ParameterText.ToValue(value, reading.Tools.Parameter(name, parameter));
        }

        bool closed;
        while (!cursor.TryPass(Close, out closed) || (!closed && cursor.Rest.IsEmpty))
            yield return ReadStep.More;

        if (closed)
        {
            reading.Call(name, arguments.ToJsonString(TemplateJson.Unescaped));
            yield break;
        }

        foreach (ReadStep step in JsonCalls.Recover(reading, Close))
            yield return step;
    }
}
