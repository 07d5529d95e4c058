using System.Text.Json;
using Minions.Extensions.AI.ToolCalls.Reading;

namespace Minions.Extensions.AI.ToolCalls.Formats;

/// <summary>
/// gpt-oss: messages with a header that names a channel and, in a call, the recipient. The channel <c>analysis</c> is the reasoning; the others
/// are the answer.
/// </summary>
internal sealed class HarmonyFormat : IToolCallFormat
{
    private const string Start = "<|start|>";
    private const string Channel = "<|channel|>";
    private const string Message = "<|message|>";
    private const string Recipient = "to=";
    private const string Namespace = "functions.";
    // Each ends a message; the first two start the next one.
    private static readonly string[] Ends = [Start, Channel, "<|end|>", "<|return|>", "<|call|>"];

    private static readonly MarkerSet EndMarkers = new(Ends.Select(end => new Marker(end, MarkerKind.Silent)));

    public string Name => "Harmony";

    public IReadOnlyList<string> Openers { get; } = [Start, Channel, Message];

    public IReadOnlyList<string> FreshOpeners { get; } = [Recipient];

    public IReadOnlyList<string> SilentMarkers { get; } = ["<|end|>", "<|return|>", "<|call|>"];

    public bool FramesAllOutput => true;

    public bool IsMentionedIn(string templateSource) =>
        templateSource.Contains(Channel, StringComparison.Ordinal) && templateSource.Contains(Message, StringComparison.Ordinal);

    public IEnumerable<ReadStep> Read(CallReading reading)
    {
        OutputCursor cursor = reading.Cursor;
        reading.Unread();
        reading.IsInCall = false;
        string header;
        while (!cursor.TryTakeThrough(Message, out header))
        {
            if (cursor.Searched > HeaderedCalls.LongestHeader || (cursor.Ended && reading.Opener == Recipient))
                yield return ReadStep.NotMarkup;

            reading.Name = RecipientIn(cursor.Rest, false, out bool isKnown);
            reading.IsInCall = isKnown;
            yield return ReadStep.More;
        }

        if (header.Length > HeaderedCalls.LongestHeader)
            yield return ReadStep.NotMarkup;

        reading.Name = RecipientIn(header, true, out bool isCall);
        IEnumerable<ReadStep> steps = isCall ? ReadCall(reading) : ReadText(reading, IsReasoning(header));
        foreach (ReadStep step in steps)
            yield return step;
    }

    private static bool IsReasoning(string header)
    {
        int channel = header.IndexOf(Channel, StringComparison.Ordinal);
        return channel >= 0 && header.AsSpan(channel + Channel.Length).TrimStart().StartsWith("analysis", StringComparison.Ordinal);
    }

    private static string? RecipientIn(ReadOnlySpan<char> header, bool isWhole, out bool isCall)
    {
        int to = header.IndexOf(Recipient);
        isCall = to >= 0;
        if (!isCall)
            return null;

        ReadOnlySpan<char> name = header[(to + Recipient.Length)..];
        int end = name.IndexOfAny(" \n<");
        if (end < 0 && !isWhole)
            return null;

        name = end < 0 ? name : name[..end];
        return (name.StartsWith(Namespace) ? name[Namespace.Length..] : name).ToString();
    }

    private static IEnumerable<ReadStep> ReadCall(CallReading reading)
    {
        OutputCursor cursor = reading.Cursor;
        string name = reading.Name!;
        reading.IsInCall = true;
        while (!cursor.TrySkipSpace())
            yield return ReadStep.More;
        if (cursor.Rest.IsEmpty)
            yield return ReadStep.More;

        if (cursor.Rest[0] == '{')
        {
            BracketExtent extent = BracketExtent.Json();
            string json;
            while (!extent.TryTake(cursor, out json) && !extent.IsBroken)
                yield return ReadStep.More;
            if (!extent.IsBroken)
            {
                reading.Call(name, json);
                yield break;
            }
        }

        string text;
        bool found;
        while (!(found = cursor.TryTakeUntil(Ends, out text, out _)) && !cursor.Ended)
            yield return ReadStep.More;
        if (!found)
            text = cursor.Take(cursor.Rest.Length);
        reading.Broken(name, text, new JsonException($"The model did not write the arguments of the tool '{name}' as a JSON object."));
    }

    private static IEnumerable<ReadStep> ReadText(CallReading reading, bool isReasoning)
    {
        OutputCursor cursor = reading.Cursor;
        reading.IsInCall = false;
        reading.IsInReasoning = isReasoning;
        reading.StartMessage();
        while (true)
        {
            Sight sight = EndMarkers.Find(cursor.Rest, cursor.Ended, out int sure, out Marker end);
            string text = cursor.Take(sure);
            if (isReasoning)
                reading.Reasoning(text);
            else
                reading.Text(text);

            if (sight == Sight.Yes)
            {
                if (end.Text is not (Start or Channel))
                    cursor.Advance(end.Text.Length);
                yield break;
            }

            if (cursor.Ended)
                yield break;
            yield return ReadStep.More;
        }
    }
}
