namespace Minions.Extensions.AI.Templates.Values;

/// <summary>
/// Python's <c>str</c>, and MarkupSafe's <c>Markup</c>. It knows which of its characters come from the messages. Positions for templates count
/// code points, as in Python; those of <see cref="Part"/> and <see cref="Text"/> count UTF-16 units.
/// </summary>
internal sealed class StringValue(string text, ContentMarks? marks = null, bool isMarkup = false) : Value
{
    // Where each code point begins; made only for texts with surrogate pairs.
    private int[]? _offsets;

    public static StringValue Empty { get; } = new(string.Empty);

    public string Text => text;

    public ContentMarks? Marks => marks;

    /// <summary>Whether it is safe for HTML, in which case what is added to it gets escaped.</summary>
    public bool IsMarkup => isMarkup;

    public override string TypeName => isMarkup ? "Markup" : "str";

    public override string ObjectName => isMarkup ? "markupsafe.Markup object" : "str object";

    public override bool IsTrue => text.Length > 0;

    public override int? Length => Offsets.Length == 0 ? text.Length : Offsets.Length - 1;

    public override bool IsIterable => true;

    public override bool IsSequence => true;

    // Empty where code points and UTF-16 units are the same.
    private int[] Offsets => _offsets ??= FindOffsets(text);

    /// <summary>A string that comes from a message.</summary>
    public static StringValue FromContent(string text) => new(text, ContentMarks.Whole(text.Length));

    public StringValue WithMarkup(bool markup) => markup == isMarkup ? this : new StringValue(text, marks, markup) { _offsets = Offsets };

    /// <summary>A part, by UTF-16 units.</summary>
    public StringValue Part(int start, int length, RenderRun run)
    {
        if (length == text.Length)
            return this;
        if (length == 0 && !isMarkup)
            return Empty;

        run.MakeText(length);
        return new StringValue(text.Substring(start, length), marks?.Slice(start, length), isMarkup);
    }

    /// <summary>Where a code point begins, in UTF-16 units.</summary>
    public int UnitOf(int codePoint) => Offsets.Length == 0 ? codePoint : Offsets[codePoint];

    /// <summary>Which code point a UTF-16 unit belongs to.</summary>
    public int CodePointOf(int unit)
    {
        if (unit < 0 || Offsets.Length == 0)
            return unit;

        int found = Array.BinarySearch(Offsets, unit);
        return found < 0 ? ~found - 1 : found;
    }

    /// <summary>The text of another kind of content: it counts as content as a whole if anything of this one does.</summary>
    public StringValue Rewritten(string other) => marks is null ? new StringValue(other) : FromContent(other);

    public override StringValue ToText(RenderRun run) => WithMarkup(false);

    public override void WriteRepr(TextBuilder builder, RenderRun run)
    {
        if (isMarkup)
            builder.Append("Markup(");
        PythonText.WriteQuoted(text, builder, marks is not null);
        if (isMarkup)
            builder.Append(")");
    }

    public override bool Equals(Value other, RenderRun run)
    {
        if (other is not StringValue value || value.Text.Length != text.Length)
            return false;

        run.ChargeText(text.Length);
        return text == value.Text;
    }

    public override int Hash(RenderRun run)
    {
        run.ChargeText(text.Length);
        return text.GetHashCode(StringComparison.Ordinal);
    }

    public override IEnumerable<Value> Items(RenderRun run)
    {
        int count = Length!.Value;
        for (int index = 0; index < count; index++)
            yield return CodePointAt(index, run);
    }

    public override Value? Item(Value key, RenderRun run)
    {
        if (key is not IntValue position || Slicing.IndexIn(position, Length!.Value) is not { } index)
            return null;
        return CodePointAt(index, run);
    }

    public override bool Contains(Value item, RenderRun run)
    {
        if (item is not StringValue part)
            throw TemplateFault.Type($"'in <string>' requires string as left operand, not {item.TypeName}");

        return TextSearch.IndexOf(text, part.Text, run) >= 0;
    }

    public StringValue CodePointAt(int index, RenderRun run)
    {
        int start = UnitOf(index);
        return Part(start, UnitOf(index + 1) - start, run);
    }

    private static int[] FindOffsets(string text)
    {
        if (text.AsSpan().IndexOfAnyInRange('\uD800', '\uDFFF') < 0)
            return [];

        var offsets = new List<int>(text.Length);
        for (int index = 0; index < text.Length; index++)
        {
            offsets.Add(index);
            if (char.IsHighSurrogate(text[index]) && index + 1 < text.Length && char.IsLowSurrogate(text[index + 1]))
                index++;
        }

        offsets.Add(text.Length);
        return [.. offsets];
    }
}
