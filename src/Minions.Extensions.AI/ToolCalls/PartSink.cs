using System.Text;

namespace Minions.Extensions.AI.ToolCalls;

/// <summary>
/// Gathers the parts of an output until they are fetched. Pieces of text that follow one another become one. Where something stands between two texts
/// of one kind, a line break keeps them apart, for who puts them together again.
/// </summary>
internal sealed class PartSink
{
    private readonly CallIds _ids;
    private readonly StringBuilder _text = new();
    private readonly Passage _answer = new();
    private readonly Passage _reasoning = new();
    private List<OutputPart> _parts = [];
    private Passage _current;

    public PartSink(CallIds ids)
    {
        _ids = ids;
        _current = _answer;
    }

    public void Text(ReadOnlySpan<char> text) => Append(text, _answer);

    public void Reasoning(ReadOnlySpan<char> text) => Append(text, _reasoning);

    public void Call(string name, string text, IDictionary<string, object?>? arguments, Exception? error, bool cutOff)
    {
        Close();
        Separate();
        _parts.Add(new CallPart(new ToolCall
        {
            Id = _ids.New(),
            Name = name,
            ArgumentsText = text,
            Arguments = arguments,
            Error = error,
            IsCutOff = cutOff,
        }));
    }

    /// <summary>Says that the text that comes next does not go on with what came before.</summary>
    public void Separate() => _answer.IsSeparate = _reasoning.IsSeparate = true;

    /// <summary>Gives away what has been gathered.</summary>
    public IReadOnlyList<OutputPart> Fetch()
    {
        Close();
        if (_parts.Count == 0)
            return [];

        List<OutputPart> fetched = _parts;
        _parts = [];
        return fetched;
    }

    private void Append(ReadOnlySpan<char> text, Passage passage)
    {
        if (text.IsEmpty)
            return;
        if (passage != _current)
        {
            Close();
            _current.IsSeparate = true;
            _current = passage;
        }

        if (passage is { IsSeparate: true, HasText: true, EndsInSpace: false } && !char.IsWhiteSpace(text[0]))
            _text.Append('\n');
        passage.IsSeparate = false;
        passage.HasText = true;
        passage.EndsInSpace = char.IsWhiteSpace(text[^1]);
        _text.Append(text);
    }

    private void Close()
    {
        if (_text.Length == 0)
            return;

        string text = _text.ToString();
        _text.Clear();
        _parts.Add(_current == _reasoning ? new ReasoningPart(text) : new TextPart(text));
    }

    // All the text of one kind, as far as it has come.
    private sealed class Passage
    {
        public bool HasText { get; set; }

        public bool EndsInSpace { get; set; }

        public bool IsSeparate { get; set; }
    }
}
