using System.Globalization;
using Minions.Extensions.AI.Templates.Values;

namespace Minions.Extensions.AI.Templates.Nodes;

/// <summary>Jinja's <c>loop</c>. It looks one item ahead only when asked, and goes to the end only for the length of what has none.</summary>
internal sealed class LoopValue(IEnumerable<Value> items, int? length, int depth, Func<Value, int, Value>? recurse, RenderRun run) : CallableValue
{
    private IEnumerator<Value> _items = items.GetEnumerator();
    private int? _length = length;
    private int _index = -1;
    private Value? _before;
    private Value? _current;
    private Value? _after;
    private bool _isAtEnd;
    private TupleValue? _lastChanged;

    public override string TypeName => "LoopContext";

    public override string ObjectName => "jinja2.runtime.LoopContext object";

    public override int? Length => Total();

    public override bool IsIterable => true;

    /// <summary>The next item, or <see langword="null"/> after the last.</summary>
    public Value? Advance()
    {
        Value? next = Peek();
        _after = null;
        if (next is null)
            return null;

        _index++;
        (_before, _current) = (_current, next);
        return next;
    }

    public override IEnumerable<Value> Items(RenderRun run)
    {
        while (Advance() is { } item)
            yield return new TupleValue(item, this);
    }

    public override Value Call(RenderRun run, Arguments arguments)
    {
        if (recurse is null)
            throw TemplateFault.Type("The loop must have the 'recursive' marker to be called recursively.");
        if (arguments.Positional.Count != 1 || arguments.Named.Count > 0)
            throw TemplateFault.Type("loop() takes exactly one argument");
        return recurse(arguments.Positional[0], depth + 1);
    }

    public override void WriteRepr(TextBuilder builder, RenderRun run) =>
        builder.Append(string.Create(CultureInfo.InvariantCulture, $"<LoopContext {_index + 1}/{Total()}>"));

    public override Value? Attribute(string name) => name switch
    {
        "index" => IntValue.Of(_index + 1),
        "index0" => IntValue.Of(_index),
        "first" => BoolValue.Of(_index == 0),
        "last" => BoolValue.Of(Peek() is null),
        "length" => IntValue.Of(Total()),
        "revindex" => IntValue.Of(Total() - _index),
        "revindex0" => IntValue.Of(Total() - _index - 1),
        "previtem" => _index == 0 ? new UndefinedValue("there is no previous item") : _before,
        "nextitem" => Peek() ?? new UndefinedValue("there is no next item"),
        "depth" => IntValue.Of(depth + 1),
        "depth0" => IntValue.Of(depth),
        "cycle" => new FunctionValue("cycle", (_, arguments) => arguments.Positional.Count == 0
            ? throw TemplateFault.Type("no items for cycling given")
            : arguments.Positional[_index % arguments.Positional.Count]),
        "changed" => new FunctionValue("changed", (_, arguments) => BoolValue.Of(HasChanged(new TupleValue(arguments.Positional)))),
        _ => null,
    };

    private bool HasChanged(TupleValue values)
    {
        if (_lastChanged is not null && _lastChanged.Equals(values, run))
            return false;

        _lastChanged = values;
        return true;
    }

    private Value? Peek()
    {
        if (_after is null && !_isAtEnd)
        {
            _isAtEnd = !_items.MoveNext();
            _after = _isAtEnd ? null : _items.Current;
        }

        return _after;
    }

    private int Total()
    {
        if (_length is null)
        {
            var rest = new List<Value>();
            while (!_isAtEnd && _items.MoveNext())
            {
                run.Step();
                rest.Add(_items.Current);
            }

            _items = rest.GetEnumerator();
            _length = rest.Count + _index + 1 + (_after is null ? 0 : 1);
        }

        return _length.Value;
    }
}
