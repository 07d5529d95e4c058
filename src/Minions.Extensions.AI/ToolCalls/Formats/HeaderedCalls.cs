using Minions.Extensions.AI.ToolCalls.Reading;

namespace Minions.Extensions.AI.ToolCalls.Formats;

/// <summary>Calls as a header that names the tool and a JSON object of arguments, each between markers, all in a section.</summary>
/// <param name="CallOpen">What starts a call after the first; the first may have it too.</param>
/// <param name="CallClose">What ends a call.</param>
/// <param name="SectionClose">What ends the section.</param>
/// <param name="ReadHeader">
/// Tells name and id from all that stands between the start of a call and its arguments. Without it the object is the whole call.
/// </param>
internal sealed record HeaderedCalls(string? CallOpen, string? CallClose, string? SectionClose, Func<string, (string Name, string? Id)>? ReadHeader)
{
    private const int LongestHeader = 512;

    /// <summary>Reads the calls behind an opener.</summary>
    public IEnumerable<ReadStep> Read(CallReading reading)
    {
        OutputCursor cursor = reading.Cursor;
        string[] ends = CallClose is null ? ["{"] : ["{", CallClose];
        for (bool first = true; ; first = false)
        {
            foreach (ReadStep step in Pass(reading, CallOpen))
                yield return step;

            string header;
            string end;
            while (!cursor.TryTakeUntil(ends, out header, out end))
            {
                if (cursor.Rest.Length > LongestHeader && first)
                    yield return ReadStep.NotMarkup;
                yield return ReadStep.More;
            }

            string? id = null;
            if (ReadHeader is not null)
                (reading.Name, id) = ReadHeader(header.Trim());
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
                reading.Call(reading.Name!, arguments, id);
            reading.IsInCall = false;
            foreach (ReadStep step in Pass(reading, "```"))
                yield return step;
            foreach (ReadStep step in Pass(reading, CallClose))
                yield return step;

            bool more = false;
            if (CallOpen is not null)
            {
                Sight next;
                while (!cursor.TrySkipSpace())
                    yield return ReadStep.More;
                while ((next = cursor.See(CallOpen)) == Sight.Perhaps)
                    yield return ReadStep.More;
                more = next == Sight.Yes;
            }

            if (!more)
                break;
            reading.IsInCall = true;
        }

        foreach (ReadStep step in Pass(reading, SectionClose))
            yield return step;
    }

    // Moves over white space and a marker, if it is there.
    private static IEnumerable<ReadStep> Pass(CallReading reading, string? marker)
    {
        if (marker is null)
            yield break;

        OutputCursor cursor = reading.Cursor;
        while (!cursor.TrySkipSpace())
            yield return ReadStep.More;

        Sight sight;
        while ((sight = cursor.See(marker)) == Sight.Perhaps)
            yield return ReadStep.More;
        if (sight == Sight.Yes)
            cursor.Advance(marker.Length);
    }
}
