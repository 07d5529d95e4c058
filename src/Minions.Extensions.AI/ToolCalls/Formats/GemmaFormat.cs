using Minions.Extensions.AI.ToolCalls.Reading;

namespace Minions.Extensions.AI.ToolCalls.Formats;

/// <summary>
/// FunctionGemma and Gemma 4: <c>call:name{key:value}</c> between two markers, strings between two markers of their own, which nothing escapes.
/// </summary>
internal sealed class GemmaFormat : IToolCallFormat
{
    private const string Call = "call:";

    private readonly string _open;
    private readonly string _close;
    private readonly string _quote;

    private GemmaFormat(string name, string open, string close, string quote)
    {
        Name = name;
        _open = open;
        _close = close;
        _quote = quote;
        Openers = [open];
    }

    /// <summary>FunctionGemma.</summary>
    public static GemmaFormat Function { get; } = new("FunctionGemma", "<start_function_call>", "<end_function_call>", "<escape>");

    /// <summary>Gemma 4.</summary>
    public static GemmaFormat Four { get; } = new("Gemma 4", "<|tool_call>", "<tool_call|>", "<|\"|>");

    public string Name { get; }

    public IReadOnlyList<string> Openers { get; }

    public bool EndsReasoning => true;

    public bool IsMentionedIn(string templateSource) => templateSource.Contains(_open, StringComparison.Ordinal);

    public IEnumerable<ReadStep> Read(CallReading reading)
    {
        OutputCursor cursor = reading.Cursor;
        bool called;
        while (!cursor.TryPass(Call, out called) || (!called && cursor.Rest.IsEmpty))
            yield return ReadStep.More;
        if (!called)
            yield return ReadStep.NotMarkup;

        string name;
        string end;
        while (!cursor.TryTakeUntil(["{", _close], out name, out end))
            yield return ReadStep.More;

        reading.Name = name.Trim();
        string arguments = "{}";
        if (end == "{")
        {
            GemmaExtent extent = new(_quote);
            while (!extent.TryTake(cursor, out arguments))
            {
                if (cursor.Ended && cursor.Rest.Contains(_close, StringComparison.Ordinal))
                {
                    foreach (ReadStep step in JsonCalls.Recover(reading, _close))
                        yield return step;
                    yield break;
                }

                yield return ReadStep.More;
            }
        }

        Add(reading, arguments);
        reading.IsInCall = false;
        while (!cursor.TryPass(_close, out _))
            yield return ReadStep.More;
    }

    private void Add(CallReading reading, string arguments)
    {
        string name = reading.Name!;
        try
        {
            reading.Call(name, GemmaReader.ParseObject(arguments, _quote).ToJsonString(TemplateJson.Unescaped));
        }
        catch (FormatException exception)
        {
            reading.Broken(name, arguments, exception);
        }
    }
}
