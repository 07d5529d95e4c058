using System.Text;

namespace Minions.Extensions.AI.ToolCalls;

/// <summary>Gathers the parts of an output until they are fetched. Pieces of text that follow one another become one.</summary>
internal sealed class PartSink
{
    private readonly CallIds _ids;
    private readonly HashSet<string> _used = new(StringComparer.Ordinal);
    private readonly StringBuilder _text = new();
    private List<OutputPart> _parts = [];
    private bool _isReasoning;

    public PartSink(CallIds ids)
    {
        _ids = ids;
    }

    public void Text(ReadOnlySpan<char> text) => Append(text, false);

    public void Reasoning(ReadOnlySpan<char> text) => Append(text, true);

    public void Call(string name, string text, string? id, IDictionary<string, object?>? arguments, Exception? error, bool cutOff)
    {
        Close();
        string unique = string.IsNullOrEmpty(id) ? _ids.New() : id;
        while (!_used.Add(unique))
            unique = _ids.New();

        _parts.Add(new CallPart(new ToolCall
        {
            Id = unique,
            Name = name,
            ArgumentsText = text,
            Arguments = arguments,
            Error = error,
            IsCutOff = cutOff,
        }));
    }

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

    private void Append(ReadOnlySpan<char> text, bool isReasoning)
    {
        if (text.IsEmpty)
            return;
        if (isReasoning != _isReasoning)
            Close();

        _isReasoning = isReasoning;
        _text.Append(text);
    }

    private void Close()
    {
        if (_text.Length == 0)
            return;

        string text = _text.ToString();
        _text.Clear();
        _parts.Add(_isReasoning ? new ReasoningPart(text) : new TextPart(text));
    }
}
