using System.Globalization;
using Minions.Extensions.AI.Templates.Values;

namespace Minions.Extensions.AI.Templates.Builtins;

/// <summary>The attribute that filters such as <c>map</c> are given: names with dots between them, digits as indexes.</summary>
internal sealed class AttributePath
{
    private readonly Value[] _parts;
    private readonly Value? _absent;

    public AttributePath(Value? attribute, RenderRun run, Value? absent = null)
    {
        _absent = Argument.OrNull(absent);
        _parts = Argument.OrNull(attribute) switch
        {
            null => [],
            StringValue path => Parts(path.Text, run),
            var index => [index],
        };
    }

    public static Value IgnoreCase(Value value, RenderRun run) => value is StringValue text ? CaseMapping.ToLower(text, run) : value;

    /// <summary>Reads several attributes, with commas between them, as one list.</summary>
    public static Func<Value, Value> Several(Value? attributes, bool caseSensitive, RenderRun run)
    {
        AttributePath[] paths = attributes is StringValue names
            ? [.. Split(names.Text, ',', run).Select(name => new AttributePath(new StringValue(name), run))]
            : [new AttributePath(attributes, run)];
        return item =>
        {
            run.ChargeItems(paths.Length);
            return new ListValue([.. paths.Select(path => path.Read(item, caseSensitive, run))]);
        };
    }

    public Value Read(Value item, bool caseSensitive, RenderRun run) => caseSensitive ? Read(item, run) : IgnoreCase(Read(item, run), run);

    public Value Read(Value item, RenderRun run)
    {
        foreach (Value part in _parts)
        {
            run.Step();
            item = Access.Item(item, part, run);
            if (_absent is not null && item is UndefinedValue)
                item = _absent;
        }

        return item;
    }

    private static Value[] Parts(string path, RenderRun run) => [.. Split(path, '.', run).Select(Part)];

    private static string[] Split(string text, char separator, RenderRun run)
    {
        run.MakeText(text.Length);
        run.ChargeItems(text.AsSpan().Count(separator));
        return text.Split(separator);
    }

    private static Value Part(string part) => part.Length > 0 && part.All(char.IsDigit) && int.TryParse(part, CultureInfo.InvariantCulture, out int index)
        ? IntValue.Of(index)
        : new StringValue(part);
}
