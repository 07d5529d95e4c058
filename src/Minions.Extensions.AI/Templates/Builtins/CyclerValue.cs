using Minions.Extensions.AI.Templates.Values;

namespace Minions.Extensions.AI.Templates.Builtins;

/// <summary>Jinja's <c>cycler</c>: gives its items in turn, again and again.</summary>
internal sealed class CyclerValue : Value
{
    private readonly IReadOnlyList<Value> _items;
    private int _position;

    public CyclerValue(Arguments arguments)
    {
        if (arguments.Positional.Count == 0)
            throw TemplateFault.Value("at least one item has to be provided");
        _items = arguments.Positional;
    }

    public override string TypeName => "Cycler";

    public override string ObjectName => "jinja2.utils.Cycler object";

    public override void WriteRepr(TextBuilder builder, RenderRun run) => builder.Append("<Cycler>");

    public override Value? Attribute(string name) => name switch
    {
        "current" => _items[_position],
        "items" => new TupleValue(_items),
        "pos" => IntValue.Of(_position),
        "next" => new FunctionValue("next", (_, _) =>
        {
            Value item = _items[_position];
            _position = (_position + 1) % _items.Count;
            return item;
        }),
        "reset" => new FunctionValue("reset", (_, _) =>
        {
            _position = 0;
            return NoneValue.Instance;
        }),
        _ => null,
    };
}
