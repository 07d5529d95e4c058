using System.Globalization;
using Minions.Extensions.AI.Templates.Values;

namespace Minions.Extensions.AI.Templates.Builtins;

/// <summary>Python's <c>json.dumps</c>.</summary>
internal sealed class JsonText(RenderRun run, bool ensureAscii, string? indent, string itemSeparator, string keySeparator, bool sortKeys)
{
    private readonly TextBuilder _builder = new(run);
    private bool _hasContent;

    /// <summary>The filter <c>tojson</c> as Hugging Face sets it up. What it makes of content is content as a whole.</summary>
    public static Value Write(Value value, Arguments arguments, RenderRun run)
    {
        Value?[] given = Parameters.Bind(arguments);
        string? indent = Argument.OrNull(given[1]) switch
        {
            null => null,
            StringValue text => text.Text,
            var width => new TextBuilder(run).Repeat(new StringValue(" "), Argument.Integer(width, 0)).ToValue().Text,
        };
        (string item, string key) = (indent is null ? ", " : ",", ": ");
        if (Argument.OrNull(given[2]) is { } separators)
        {
            if (Argument.Pair(separators, run) is not (StringValue first, StringValue second))
                throw TemplateFault.Value("separators has to be a pair of strings");
            (item, key) = (first.Text, second.Text);
        }

        var writer = new JsonText(run, Argument.Flag(given[0]), indent, item, key, Argument.Flag(given[3]));
        writer.Write(value, 0);
        StringValue written = writer._builder.ToValue();
        return writer._hasContent ? StringValue.FromContent(written.Text) : written;
    }

    private static readonly Signature Parameters = new("tojson", 0, "ensure_ascii", "indent", "separators", "sort_keys");

    private void Write(Value value, int depth)
    {
        run.Step();
        switch (value)
        {
            case NoneValue:
                _builder.Append("null");
                break;
            case BoolValue flag:
                _builder.Append(flag.IsTrue ? "true" : "false");
                break;
            case IntValue:
                value.WriteRepr(_builder, run);
                break;
            case FloatValue real:
                _builder.Append(Real(real.Number));
                break;
            case StringValue text:
                Write(text);
                break;
            case ListValue list:
                Write('[', ']', list.Elements, depth, item => Write(item, depth + 1));
                break;
            case DictValue dict:
                Write('{', '}', Entries(dict), depth, entry => Write(entry, depth + 1));
                break;
            default:
                throw TemplateFault.Type($"Object of type {value.TypeName} is not JSON serializable");
        }
    }

    private void Write<T>(char open, char close, IReadOnlyCollection<T> items, int depth, Action<T> write)
    {
        _builder.Append(open);
        bool first = true;
        foreach (T item in items)
        {
            if (!first)
                _builder.Append(itemSeparator);
            NewLine(depth + 1);
            write(item);
            first = false;
        }

        if (items.Count > 0)
            NewLine(depth);
        _builder.Append(close);
    }

    private void Write(KeyValuePair<Value, Value> entry, int depth)
    {
        Write(entry.Key switch
        {
            StringValue text => text,
            FloatValue real => new StringValue(Real(real.Number)),
            BoolValue flag => new StringValue(flag.IsTrue ? "true" : "false"),
            IntValue => entry.Key.ToText(run),
            NoneValue => new StringValue("null"),
            _ => throw TemplateFault.Type($"keys must be str, int, float, bool or None, not {entry.Key.TypeName}"),
        });
        _builder.Append(keySeparator);
        Write(entry.Value, depth);
    }

    private KeyValuePair<Value, Value>[] Entries(DictValue dict)
    {
        if (!sortKeys)
            return [.. dict.Entries];
        return [.. Comparison.Sort(dict.Entries.Select(entry => entry.Key), key => key, reverse: false, run)
            .Select(key => KeyValuePair.Create(key, dict.Find(key)!))];
    }

    private void NewLine(int depth)
    {
        if (indent is null)
            return;

        _builder.Append('\n');
        for (int level = 0; level < depth; level++)
            _builder.Append(indent);
    }

    private static string Real(double number) => double.IsFinite(number) ? FloatText.Repr(number)
        : double.IsNaN(number) ? "NaN" : number > 0 ? "Infinity" : "-Infinity";

    private void Write(StringValue value)
    {
        _hasContent |= value.Marks is not null;
        string text = value.Text;
        _builder.Append('"');
        int plain = 0;
        for (int index = 0; index < text.Length; index++)
        {
            char character = text[index];
            if (character is >= ' ' and not ('"' or '\\') && (!ensureAscii || character < '\x7f'))
                continue;

            _builder.Append(text.AsSpan(plain, index - plain));
            plain = index + 1;
            _builder.Append(character switch
            {
                '"' => "\\\"",
                '\\' => "\\\\",
                '\n' => "\\n",
                '\r' => "\\r",
                '\t' => "\\t",
                '\f' => "\\f",
                '\b' => "\\b",
                _ => $"\\u{((int)character).ToString("x4", CultureInfo.InvariantCulture)}",
            });
        }

        _builder.Append(text.AsSpan(plain)).Append('"');
    }
}
