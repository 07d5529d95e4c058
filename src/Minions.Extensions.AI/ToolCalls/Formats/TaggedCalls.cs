using System.Text.Json;
using System.Text.Json.Nodes;
using Minions.Extensions.AI.ToolCalls.Reading;

namespace Minions.Extensions.AI.ToolCalls.Formats;

/// <summary>Calls with one tag for each parameter, whose value is bare text between tags.</summary>
/// <param name="BlockClose">What ends the block around the calls.</param>
/// <param name="CallOpen">What stands before the tool's name.</param>
/// <param name="NameEnd">What stands behind it.</param>
/// <param name="ParameterOpen">What stands before a parameter's name.</param>
/// <param name="KeyEnd">What stands between a parameter's name and its value.</param>
/// <param name="ValueEnd">What stands behind the value.</param>
/// <param name="CallClose">What ends a call.</param>
/// <param name="OwnLines">Whether the value stands on lines of its own, whose first and last break are no part of it.</param>
internal sealed record TaggedCalls(
    string? BlockClose, string CallOpen, string NameEnd, string ParameterOpen, string KeyEnd, string ValueEnd, string CallClose, bool OwnLines)
{
    /// <summary>Reads the calls behind an opener: the block's or a call's.</summary>
    public IEnumerable<ReadStep> Read(CallReading reading)
    {
        OutputCursor cursor = reading.Cursor;
        bool inCall = reading.Opener == CallOpen;
        bool any = false;
        string[] choices = BlockClose is null ? [CallOpen] : [CallOpen, BlockClose];
        while (true)
        {
            string found = CallOpen;
            while (!inCall && !cursor.TryPass(choices, out found))
                yield return ReadStep.More;

            inCall = false;
            if (found == CallOpen)
            {
                reading.IsInCall = true;
                foreach (ReadStep step in ReadCall(reading))
                    yield return step;

                any = true;
                reading.IsInCall = false;
                continue;
            }

            if (!any)
                yield return ReadStep.NotMarkup;
            yield break;
        }
    }

    private IEnumerable<ReadStep> ReadCall(CallReading reading)
    {
        OutputCursor cursor = reading.Cursor;
        string name;
        while (!cursor.TryTakeThrough(NameEnd, out name))
            yield return ReadStep.More;

        reading.Name = name = name.Trim().TrimEnd('"');
        JsonObject arguments = [];
        string[] choices = BlockClose is null ? [ParameterOpen, CallClose] : [ParameterOpen, CallClose, BlockClose];
        while (true)
        {
            string found;
            while (!cursor.TryPass(choices, out found))
                yield return ReadStep.More;

            if (found != ParameterOpen)
            {
                if (found.Length > 0)
                    reading.Call(name, arguments.ToJsonString(TemplateJson.Unescaped));
                else if (cursor.Ended && cursor.Rest.IsEmpty)
                    yield return ReadStep.More;
                else
                {
                    foreach (ReadStep step in JsonCalls.Recover(reading, CallClose))
                        yield return step;
                }

                yield break;
            }

            string key;
            while (!cursor.TryTakeThrough(KeyEnd, out key))
                yield return ReadStep.More;

            string value;
            while (!cursor.TryTakeThrough(ValueEnd, out value))
                yield return ReadStep.More;

            Add(reading, arguments, key.Trim(), OwnLines ? WithoutOwnLines(value) : value);
        }
    }

    // A name in quotes may be followed by an attribute that says whether the value is a string.
    private static void Add(CallReading reading, JsonObject arguments, string key, string value)
    {
        int quote = key.IndexOf('"', StringComparison.Ordinal);
        string name = quote < 0 ? key : key[..quote];
        string attributes = quote < 0 ? string.Empty : key[quote..];
        arguments[name] = attributes.Contains("string=\"false\"", StringComparison.Ordinal)
            ? AsJson(value)
            : ParameterText.ToValue(value, reading.Tools.Parameter(reading.Name!, name));
    }

    private static JsonNode? AsJson(string value)
    {
        try
        {
            return TemplateJson.ToNode(LenientJson.Parse(value));
        }
        catch (JsonException)
        {
            return JsonValue.Create(value);
        }
    }

    private static string WithoutOwnLines(string value)
    {
        int start = value.StartsWith('\n') ? 1 : 0;
        int end = value.Length > start && value.EndsWith('\n') ? value.Length - 1 : value.Length;
        return value[start..end];
    }
}
