using System.Text.Json.Nodes;
using Minions.Extensions.AI.ToolCalls.Reading;

namespace Minions.Extensions.AI.ToolCalls.Formats;

/// <summary>Calls written in Python between two markers.</summary>
internal static class PythonCalls
{
    private static readonly char[] NameStarts = ['[', '>', '`', ' ', '\n'];

    /// <summary>Reads the calls behind an opener.</summary>
    /// <param name="reading">The reading.</param>
    /// <param name="close">What the markup ends with, where not the list alone is the markup.</param>
    public static IEnumerable<ReadStep> Read(CallReading reading, string? close)
    {
        OutputCursor cursor = reading.Cursor;
        while (!cursor.TrySkipSpace())
            yield return ReadStep.More;
        if (cursor.Rest.IsEmpty)
            yield return ReadStep.More;

        if (cursor.Rest[0] == '[')
        {
            // A list of objects is JSON: its second character tells.
            int second = 1;
            while (second == cursor.Rest.Length || char.IsWhiteSpace(cursor.Rest[second]))
            {
                if (second < cursor.Rest.Length)
                    second++;
                else
                    yield return ReadStep.More;
            }

            if (cursor.Rest[second] == '{')
            {
                foreach (ReadStep step in JsonCalls.Read(reading, close))
                    yield return step;
                yield break;
            }
        }

        string code;
        reading.NameFinder = NameIn;
        BracketExtent extent = BracketExtent.Python();
        if (cursor.Rest[0] == '[')
        {
            while (!extent.TryTake(cursor, out code))
            {
                if (extent.IsBroken || (cursor.Ended && close is not null && cursor.Rest.Contains(close, StringComparison.Ordinal)))
                {
                    foreach (ReadStep step in JsonCalls.Recover(reading, close))
                        yield return step;
                    yield break;
                }

                yield return ReadStep.More;
            }

            Add(reading, code);
            reading.IsInCall = false;
            while (close is not null && !cursor.TryPass(close, out _))
                yield return ReadStep.More;
            yield break;
        }

        while (!cursor.TryTakeThrough(close!, out code))
            yield return ReadStep.More;

        Add(reading, code);
    }

    private static void Add(CallReading reading, string code)
    {
        try
        {
            foreach ((string name, JsonObject arguments) in PythonReader.ParseCalls(WithoutPrint(code)))
                reading.Call(name, arguments.ToJsonString(TemplateJson.Unescaped));
        }
        catch (FormatException exception)
        {
            reading.Broken(NameIn(code), code, exception);
        }
    }

    // Models show a result by printing it.
    private static string WithoutPrint(string code)
    {
        const string Print = "print(";
        string trimmed = code.Trim();
        return trimmed.StartsWith(Print, StringComparison.Ordinal) && trimmed.EndsWith(')') ? trimmed[Print.Length..^1] : trimmed;
    }

    private static string? NameIn(string code)
    {
        int parenthesis = code.IndexOf('(', StringComparison.Ordinal);
        int start = code.LastIndexOfAny(NameStarts, Math.Max(parenthesis, 0)) + 1;
        return parenthesis > start ? code[start..parenthesis].Trim() : null;
    }
}
