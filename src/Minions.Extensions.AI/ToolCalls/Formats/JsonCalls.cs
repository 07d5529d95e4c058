using System.Text.Json;
using Minions.Extensions.AI.ToolCalls.Reading;

namespace Minions.Extensions.AI.ToolCalls.Formats;

/// <summary>Calls as JSON objects with name and arguments, one or more, in a list or one after another.</summary>
internal static class JsonCalls
{
    /// <summary>Reads the calls behind an opener.</summary>
    /// <param name="reading">The reading.</param>
    /// <param name="close">What the markup ends with. A model that ends without it is understood.</param>
    public static IEnumerable<ReadStep> Read(CallReading reading, string? close)
    {
        OutputCursor cursor = reading.Cursor;
        bool inList = false;
        bool listed = false;
        bool any = false;
        while (true)
        {
            while (!cursor.TrySkipSpace())
                yield return ReadStep.More;

            if (cursor.Rest.IsEmpty && (inList || !any))
                yield return ReadStep.More;

            switch (cursor.Rest.IsEmpty ? '\0' : cursor.Rest[0])
            {
                case '[' when !inList && !any:
                    inList = true;
                    cursor.Advance(1);
                    continue;
                case ']' when inList:
                    inList = false;
                    listed = true;
                    any = true;
                    cursor.Advance(1);
                    continue;
                case ',' when inList:
                case ';' when any && !listed:
                    reading.IsInCall = true;
                    cursor.Advance(1);
                    continue;
                case '{' when !listed:
                    break;
                default:
                    foreach (ReadStep step in Finish(reading, close, inList, any))
                        yield return step;
                    yield break;
            }

            reading.IsInCall = true;
            BracketExtent extent = BracketExtent.Json();
            string json;
            while (!extent.TryTake(cursor, out json))
            {
                if (extent.IsBroken || (cursor.Ended && close is not null && cursor.Rest.Contains(close, StringComparison.Ordinal)))
                {
                    foreach (ReadStep step in Recover(reading, close))
                        yield return step;
                    yield break;
                }

                yield return ReadStep.More;
            }

            reading.CallFrom(json);
            reading.IsInCall = false;
            any = true;
        }
    }

    private static IEnumerable<ReadStep> Finish(CallReading reading, string? close, bool inList, bool any)
    {
        if (!inList && !any)
        {
            yield return ReadStep.NotMarkup;
            yield break;
        }

        if (inList)
        {
            foreach (ReadStep step in Recover(reading, close))
                yield return step;
            yield break;
        }

        reading.IsInCall = false;
        if (close is null)
            yield break;

        while (!reading.Cursor.TryPass(close, out _))
            yield return ReadStep.More;
    }

    /// <summary>Takes what is not JSON up to the closing marker, or to the end, as a call that cannot be read.</summary>
    internal static IEnumerable<ReadStep> Recover(CallReading reading, string? close)
    {
        OutputCursor cursor = reading.Cursor;
        string text = string.Empty;
        bool found;
        while (!(found = close is not null && cursor.TryTakeThrough(close, out text)) && !cursor.Ended)
            yield return ReadStep.More;

        if (!found)
            text = cursor.Take(cursor.Rest.Length);
        reading.Broken(reading.Name ?? reading.NameFinder(text), text, new JsonException("What the model wrote as a call is not JSON."));
    }
}
