using Minions.Extensions.AI.Templates.Values;

namespace Minions.Extensions.AI.Templates.Builtins;

/// <summary>Splits, strips and replaces as Python's <c>str</c> does. Every part keeps what it knows of its origin.</summary>
internal static class Searching
{
    public static StringValue Strip(StringValue text, StringValue? characters, bool start, bool end, RenderRun run)
    {
        Func<char, bool> isStripped = IsStripped(characters, run);
        int first = 0;
        int last = text.Text.Length;
        while (start && first < last && isStripped(text.Text[first]))
            first++;
        while (end && last > first && isStripped(text.Text[last - 1]))
            last--;
        run.ChargeCharacters(text.Text.Length - (last - first));
        return text.Part(first, last - first, run);
    }

    public static StringValue Replace(StringValue text, StringValue old, StringValue replacement, int count, RenderRun run)
    {
        if (count < 0)
            count = int.MaxValue;
        if (old.Text.Length == 0)
            return Interleave(text, replacement, count, run);

        int found = Find(text, old, 0, run);
        if (found < 0 || count == 0)
            return text;

        var builder = new TextBuilder(run);
        int from = 0;
        for (; found >= 0 && count > 0; count--)
        {
            builder.Append(text, from, found - from).Append(replacement);
            from = found + old.Text.Length;
            found = Find(text, old, from, run);
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
            int found = Find(text, separator, from, run);
            if (found < 0)
                break;

            parts.Add(text.Part(from, found - from, run));
            from = found + separator.Text.Length;
        }

        parts.Add(text.Part(from, text.Text.Length - from, run));
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
            int found = TextSearch.LastIndexOf(text.Text.AsSpan(0, end), separator.Text, run);
            if (found < 0)
                break;

            int from = found + separator.Text.Length;
            parts.Add(text.Part(from, end - from, run));
            end = found;
        }

        parts.Add(text.Part(0, end, run));
        parts.Reverse();
        return new ListValue(parts);
    }

    /// <summary>Splits at runs of white space. What is left behind the limit keeps the white space at its end.</summary>
    public static ListValue SplitWords(StringValue text, int limit, RenderRun run)
    {
        var parts = new List<Value>();
        string whole = text.Text;
        run.ChargeText(whole.Length);
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
                parts.Add(text.Part(start, whole.Length - start, run));
                break;
            }

            while (index < whole.Length && !PythonText.IsSpace(whole[index]))
                index++;
            parts.Add(text.Part(start, index - start, run));
        }

        return new ListValue(parts);
    }

    public static ListValue SplitWordsFromEnd(StringValue text, int limit, RenderRun run)
    {
        var parts = new List<Value>();
        string whole = text.Text;
        run.ChargeText(whole.Length);
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
                parts.Add(text.Part(0, end, run));
                break;
            }

            while (index > 0 && !PythonText.IsSpace(whole[index - 1]))
                index--;
            parts.Add(text.Part(index, end - index, run));
        }

        parts.Reverse();
        return new ListValue(parts);
    }

    public static List<StringValue> Lines(StringValue text, bool keepEnds, RenderRun run)
    {
        var lines = new List<StringValue>();
        string whole = text.Text;
        run.ChargeText(whole.Length);
        int start = 0;
        for (int index = 0; index < whole.Length; index++)
        {
            if (!PythonText.IsLineEnd(whole[index]))
                continue;

            run.Step();
            int end = index;
            if (whole[index] == '\r' && index + 1 < whole.Length && whole[index + 1] == '\n')
                index++;
            lines.Add(text.Part(start, (keepEnds ? index + 1 : end) - start, run));
            start = index + 1;
        }

        if (start < whole.Length)
            lines.Add(text.Part(start, whole.Length - start, run));
        return lines;
    }

    private static int Find(StringValue text, StringValue part, int from, RenderRun run)
    {
        int found = TextSearch.IndexOf(text.Text.AsSpan(from), part.Text, run);
        return found < 0 ? -1 : from + found;
    }

    private static Func<char, bool> IsStripped(StringValue? characters, RenderRun run)
    {
        // So few are as quickly compared as looked up.
        const int Few = 8;
        if (characters is null)
            return PythonText.IsSpace;
        if (characters.Text.Length <= Few)
            return character => characters.Text.Contains(character, StringComparison.Ordinal);

        run.ChargeCharacters(characters.Text.Length);
        return new HashSet<char>(characters.Text).Contains;
    }

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
                builder.Append(text, text.UnitOf(index), text.UnitOf(index + 1) - text.UnitOf(index));
        }

        return builder.ToValue(text.IsMarkup);
    }
}
