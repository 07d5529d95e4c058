using Minions.Extensions.AI.ToolCalls.Reading;

namespace Minions.Extensions.AI.ToolCalls.Formats;

/// <summary>Llama 4, ToolACE and others that are prompted so: a list of calls in Python as all of the output, without any marker.</summary>
internal sealed class PythonListFormat : IToolCallFormat
{
    public string Name => "Python list";

    public IReadOnlyList<string> Openers { get; } = [];

    public IReadOnlyList<string> FreshOpeners { get; } = ["["];

    // Nothing in a template tells but what it renders.
    public bool IsMentionedIn(string templateSource) => false;

    public IEnumerable<ReadStep> Read(CallReading reading)
    {
        OutputCursor cursor = reading.Cursor;
        reading.Unread();
        Sight sight;
        while ((sight = IsCall(cursor.Rest, reading.Tools)) != Sight.Yes)
            yield return sight == Sight.No || cursor.Ended ? ReadStep.NotMarkup : ReadStep.More;

        foreach (ReadStep step in PythonCalls.Read(reading, null))
            yield return step;
    }

    // An answer may be a list too: it is calls if it starts with the name of a tool that was offered.
    private static Sight IsCall(ReadOnlySpan<char> text, ToolCatalog tools)
    {
        bool isLong = text.Length > BareCall.Longest;
        text = isLong ? text[..BareCall.Longest] : text;
        int name = 1;
        while (name < text.Length && char.IsWhiteSpace(text[name]))
            name++;

        int end = name;
        while (end < text.Length && (char.IsLetterOrDigit(text[end]) || text[end] is '_' or '.' or '-'))
            end++;

        if (end == text.Length)
            return isLong ? Sight.No : Sight.Perhaps;

        return text[end] == '(' && tools.Has(text[name..end].ToString()) ? Sight.Yes : Sight.No;
    }
}
