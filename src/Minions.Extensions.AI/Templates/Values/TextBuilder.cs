using System.Text;

namespace Minions.Extensions.AI.Templates.Values;

/// <summary>Puts a string together and keeps which parts of it come from the messages. Holds the rendering to its limit of length.</summary>
internal sealed class TextBuilder(RenderRun run)
{
    private readonly StringBuilder _text = new();
    private List<(int Start, int End)>? _content;

    public int Length => _text.Length;

    public TextBuilder Append(StringValue value)
    {
        int start = _text.Length;
        Grow(value.Text.Length);
        _text.Append(value.Text);
        if (value.Marks is { } marks)
        {
            foreach ((int from, int to) in marks.Ranges)
                Mark(start + from, start + to);
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

    /// <summary>Appends a part of a string.</summary>
    public TextBuilder Append(StringValue value, int start, int length) => Append(value.Part(start, length));

    public TextBuilder Repeat(StringValue value, long count)
    {
        if (count * value.Text.Length > run.MaximumLength)
            throw TooLong();
        run.ChargeItems(Math.Max(count, 0));
        for (long index = 0; index < count; index++)
            Append(value);
        return this;
    }

    public StringValue ToValue(bool isMarkup = false) => new(_text.ToString(), ContentMarks.From(_content), isMarkup);

    private void Grow(int length)
    {
        run.ChargeText(length);
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
