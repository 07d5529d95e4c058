using System.Text.Json.Nodes;
using Minions.Extensions.AI.ToolCalls.Reading;

namespace Minions.Extensions.AI.ToolCalls.Formats;

/// <summary>
/// Llama 3: an object with <c>name</c> and <c>parameters</c>, or a list of such, as all of the output, with or without <c>&lt;|python_tag|&gt;</c> before it; behind the
/// tag also a call in Python, or code for the tool <c>python</c>.
/// </summary>
internal sealed class LlamaFormat : IToolCallFormat
{
    private const string Tag = "<|python_tag|>";

    // A call of a built-in tool is written as a call of its method of this name.
    private const string Method = ".call";

    public string Name => "Llama";

    public IReadOnlyList<string> Openers { get; } = [Tag];

    public IReadOnlyList<string> FreshOpeners { get; } = ["{", "["];

    public bool IsMentionedIn(string templateSource) =>
        templateSource.Contains(Tag, StringComparison.Ordinal)
        || (templateSource.Contains("<|start_header_id|>ipython", StringComparison.Ordinal) && templateSource.Contains("parameters", StringComparison.Ordinal));

    public IEnumerable<ReadStep> Read(CallReading reading) => reading.Opener == Tag ? ReadTagged(reading) : ReadBare(reading);

    // An answer may be JSON too: it is a call if it names a tool first, and one that was offered.
    private static IEnumerable<ReadStep> ReadBare(CallReading reading)
    {
        OutputCursor cursor = reading.Cursor;
        reading.Unread();
        while (BareCall.Sight(cursor.Rest, reading.Tools) is Sight sight and not Sight.Yes)
            yield return sight == Sight.No || cursor.Ended ? ReadStep.NotMarkup : ReadStep.More;

        foreach (ReadStep step in JsonCalls.Read(reading, null))
            yield return step;
    }

    private static IEnumerable<ReadStep> ReadTagged(CallReading reading)
    {
        OutputCursor cursor = reading.Cursor;
        while (!cursor.TrySkipSpace())
            yield return ReadStep.More;
        if (cursor.Rest.IsEmpty)
            yield return ReadStep.More;

        if (cursor.Rest[0] is '{' or '[')
        {
            foreach (ReadStep step in JsonCalls.Read(reading, null))
                yield return step;
            yield break;
        }

        while (!cursor.Ended)
            yield return ReadStep.More;

        string code = cursor.Take(cursor.Rest.Length);
        try
        {
            foreach ((string name, JsonObject arguments) in PythonReader.ParseCalls(code))
            {
                string tool = name.EndsWith(Method, StringComparison.Ordinal) ? name[..^Method.Length] : name;
                reading.Call(tool, arguments.ToJsonString(TemplateJson.Unescaped));
            }
        }
        catch (FormatException)
        {
            reading.Call("python", new JsonObject { ["code"] = code }.ToJsonString(TemplateJson.Unescaped));
        }
    }
}
