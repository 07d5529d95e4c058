using System.Text;

namespace Minions.Extensions.AI.Templates.Values;

/// <summary>Puts a string together and keeps which parts of it come from the messages. Holds the rendering to its limit of length.</summary>
internal sealed class TextBuilder(RenderRun run)
{
    private readonly StringBuilder _text = new();
    private List<(int Start, int End)>? _content;

    public int Length => _text.Length;

    public TextBuilder Append(StringValue value) => Append(value, 0, value.Text.Length);

    /// <summary>Appends a part of a string, by UTF-16 units.</summary>
    public TextBuilder Append(StringValue value, int start, int length)
    {
        int offset = _text.Length - start;
        Grow(length);
        _text.Append(value.Text, start, length);
        if (value.Marks is { } marks)
        {
            foreach ((int from, int to) in marks.Within(start, length))
                Mark(offset + Math.Max(from, start), offset + Math.Min(to, start + length));
        }

        return this;
    }

    public TextBuilder Append(string text)
    {
        Grow(text.Length);
        _text.Append(text);
        return this;
    }

    public TextBuilder Append(ReadOnlySpan<char> text, bool isContent = false)
    {
        int start = _text.Length;
        Grow(text.Length);
        _text.Append(text);
        if (isContent)
            Mark(start, _text.Length);
        return this;
    }

    public TextBuilder Append(char character, bool isContent = false) => Append(new ReadOnlySpan<char>(in character), isContent);

    public TextBuilder Repeat(StringValue value, long count)
    {
        if (count * value.Text.Length > run.MaximumLength)
            throw TooLong();
        for (long index = 0; index < count; index++)
            Append(value);
        return this;
    }

    public StringValue ToValue(bool isMarkup = false)
    {
        run.MakeText(0); // The characters were counted as they came.
        return new StringValue(_text.ToString(), ContentMarks.From(_content), isMarkup);
    }

    private void Grow(int length)
    {
        run.GrowText(length);
        if ((long)_text.Length + length > run.MaximumLength)
            throw TooLong();
    }

    private TemplateFault TooLong() => TemplateFault.Limit($"a text grows longer than {run.MaximumLength} characters");

    private void Mark(int start, int end)
    {
        if (start == end)
            return;

        _content ??= [];
        if (_content.Count > 0 && _content[^1].End == start)
            _content[^1] = (_content[^1].Start, end);
        else
            _content.Add((start, end));
    }
}
