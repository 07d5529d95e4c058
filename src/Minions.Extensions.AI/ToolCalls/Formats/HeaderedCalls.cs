using Minions.Extensions.AI.ToolCalls.Reading;

namespace Minions.Extensions.AI.ToolCalls.Formats;

/// <summary>Calls as a header that names the tool and a JSON object of arguments, each between markers, all in a section.</summary>
/// <param name="CallOpen">What starts a call after the first; the first may have it too.</param>
/// <param name="CallClose">What ends a call.</param>
/// <param name="SectionClose">What ends the section.</param>
/// <param name="ReadHeader">
/// Tells the name from all that stands between the start of a call and its arguments. Without it the object is the whole call.
/// </param>
internal sealed record HeaderedCalls(string? CallOpen, string? CallClose, string? SectionClose, Func<string, string>? ReadHeader)
{
    /// <summary>What is longer is no header.</summary>
    internal const int LongestHeader = 512;

    /// <summary>Reads the calls behind an opener.</summary>
    public IEnumerable<ReadStep> Read(CallReading reading)
    {
        OutputCursor cursor = reading.Cursor;
        string[] ends = CallClose is null ? ["{"] : ["{", CallClose];
        bool more = true;
        while (CallOpen is not null && !cursor.TryPass(CallOpen, out _))
            yield return ReadStep.More;

        for (bool first = true; more; first = false)
        {
            reading.IsInCall = true;
            string header;
            string end;
            bool found;
            while (!(found = cursor.TryTakeUntil(ends, out header, out end)) && !(first && cursor.Searched > LongestHeader))
                yield return ReadStep.More;
            if (!found || (first && header.Length > LongestHeader))
                yield return ReadStep.NotMarkup;

            if (ReadHeader is not null)
                reading.Name = ReadHeader(header.Trim());
            string arguments = string.Empty;
            if (end == "{")
            {
                BracketExtent extent = BracketExtent.Json();
                while (!extent.TryTake(cursor, out arguments))
                {
                    if (extent.IsBroken || (cursor.Ended && CallClose is not null && cursor.Rest.Contains(CallClose, StringComparison.Ordinal)))
                    {
                        foreach (ReadStep step in JsonCalls.Recover(reading, CallClose ?? SectionClose))
                            yield return step;
                        yield break;
                    }

                    yield return ReadStep.More;
                }
            }

            if (ReadHeader is null)
                reading.CallFrom(arguments);
            else
                reading.Call(reading.Name!, arguments);
            reading.IsInCall = false;
            while (!cursor.TryPass("```", out _))
                yield return ReadStep.More;
            while (CallClose is not null && !cursor.TryPass(CallClose, out _))
                yield return ReadStep.More;

            more = false;
            while (CallOpen is not null && !cursor.TryPass(CallOpen, out more))
                yield return ReadStep.More;
        }

        while (SectionClose is not null && !cursor.TryPass(SectionClose, out _))
            yield return ReadStep.More;
    }
}
