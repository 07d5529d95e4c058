using Minions.Extensions.AI.Templates.Values;

namespace Minions.Extensions.AI.Templates.Builtins;

/// <summary>Splits, strips and replaces as Python's <c>str</c> does. Every part keeps what it knows of its origin.</summary>
internal static class Searching
{
    public static StringValue Strip(StringValue text, StringValue? characters, bool start, bool end)
    {
        int first = 0;
        int last = text.Text.Length;
        while (start && first < last && IsStripped(text.Text[first], characters))
            first++;
        while (end && last > first && IsStripped(text.Text[last - 1], characters))
            last--;
        return text.Part(first, last - first);
    }

    public static StringValue Replace(StringValue text, StringValue old, StringValue replacement, int count, RenderRun run)
    {
        run.ChargeText(text.Text.Length);
        if (count < 0)
            count = int.MaxValue;
        if (old.Text.Length == 0)
            return Interleave(text, replacement, count, run);

        int found = text.Text.IndexOf(old.Text, StringComparison.Ordinal);
        if (found < 0 || count == 0)
            return text;

        var builder = new TextBuilder(run);
        int from = 0;
        for (; found >= 0 && count > 0; count--)
        {
            builder.Append(text, from, found - from).Append(replacement);
            from = found + old.Text.Length;
            found = text.Text.IndexOf(old.Text, from, StringComparison.Ordinal);
        }

        return builder.Append(text, from, text.Text.Length - from).ToValue(text.IsMarkup);
    }

    public static ListValue Split(StringValue text, StringValue separator, int limit, RenderRun run)
    {
        if (separator.Text.Length == 0)
            throw TemplateFault.Value("empty separator");

        var parts = new List<Value>();
        int from = 0;
        while (limit < 0 || parts.Count < limit)
        {
            run.Step();
            int found = text.Text.IndexOf(separator.Text, from, StringComparison.Ordinal);
            if (found < 0)
                break;

            parts.Add(text.Part(from, found - from));
            from = found + separator.Text.Length;
        }

        run.ChargeText(text.Text.Length);
        parts.Add(text.Part(from, text.Text.Length - from));
        return new ListValue(parts);
    }

    public static ListValue SplitFromEnd(StringValue text, StringValue separator, int limit, RenderRun run)
    {
        if (separator.Text.Length == 0)
            throw TemplateFault.Value("empty separator");

        var parts = new List<Value>();
        int end = text.Text.Length;
        while (limit < 0 || parts.Count < limit)
        {
            run.Step();
            int found = text.Text.AsSpan(0, end).LastIndexOf(separator.Text, StringComparison.Ordinal);
            if (found < 0)
                break;

            int from = found + separator.Text.Length;
            parts.Add(text.Part(from, end - from));
            end = found;
        }

        run.ChargeText(text.Text.Length);
        parts.Add(text.Part(0, end));
        parts.Reverse();
        return new ListValue(parts);
    }

    /// <summary>Splits at runs of white space. What is left behind the limit keeps the white space at its end.</summary>
    public static ListValue SplitWords(StringValue text, int limit, RenderRun run)
    {
        var parts = new List<Value>();
        string whole = text.Text;
        int index = 0;
        while (true)
        {
            while (index < whole.Length && PythonText.IsSpace(whole[index]))
                index++;
            if (index == whole.Length)
                break;

            run.Step();
            int start = index;
            if (limit >= 0 && parts.Count == limit)
            {
                parts.Add(text.Part(start, whole.Length - start));
                break;
            }

            while (index < whole.Length && !PythonText.IsSpace(whole[index]))
                index++;
            parts.Add(text.Part(start, index - start));
        }

        return new ListValue(parts);
    }

    public static ListValue SplitWordsFromEnd(StringValue text, int limit, RenderRun run)
    {
        var parts = new List<Value>();
        string whole = text.Text;
        int index = whole.Length;
        while (true)
        {
            while (index > 0 && PythonText.IsSpace(whole[index - 1]))
                index--;
            if (index == 0)
                break;

            run.Step();
            int end = index;
            if (limit >= 0 && parts.Count == limit)
            {
                parts.Add(text.Part(0, end));
                break;
            }

            while (index > 0 && !PythonText.IsSpace(whole[index - 1]))
                index--;
            parts.Add(text.Part(index, end - index));
        }

        parts.Reverse();
        return new ListValue(parts);
    }

    public static List<StringValue> Lines(StringValue text, bool keepEnds, RenderRun run)
    {
        var lines = new List<StringValue>();
        string whole = text.Text;
        int start = 0;
        for (int index = 0; index < whole.Length; index++)
        {
            if (!PythonText.IsLineEnd(whole[index]))
                continue;

            run.Step();
            int end = index;
            if (whole[index] == '\r' && index + 1 < whole.Length && whole[index + 1] == '\n')
                index++;
            lines.Add(text.Part(start, (keepEnds ? index + 1 : end) - start));
            start = index + 1;
        }

        if (start < whole.Length)
            lines.Add(text.Part(start, whole.Length - start));
        return lines;
    }

    private static bool IsStripped(char character, StringValue? characters) =>
        characters is null ? PythonText.IsSpace(character) : characters.Text.Contains(character, StringComparison.Ordinal);

    // An empty text is found before every code point and at the end.
    private static StringValue Interleave(StringValue text, StringValue replacement, int count, RenderRun run)
    {
        var builder = new TextBuilder(run);
        int length = text.Length!.Value;
        for (int index = 0; index <= length; index++)
        {
            if (index < count)
                builder.Append(replacement);
            if (index < length)
                builder.Append(text.CodePointAt(index));
        }

        return builder.ToValue(text.IsMarkup);
    }
}
