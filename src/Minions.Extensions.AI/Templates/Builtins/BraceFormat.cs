using System.Globalization;
using Minions.Extensions.AI.Templates.Values;

namespace Minions.Extensions.AI.Templates.Builtins;

/// <summary>Python's <c>str.format</c>, with the attributes and items that Jinja's sandbox lets a format reach.</summary>
internal static class BraceFormat
{
    public static StringValue Apply(StringValue format, Arguments arguments, RenderRun run)
    {
        var fields = new Fields(arguments, run) { IsMarkup = format.IsMarkup };
        return fields.Fill(format, depth: 2).WithMarkup(format.IsMarkup);
    }

    public static StringValue ApplyMap(StringValue format, Value mapping, RenderRun run)
    {
        if (mapping is not DictValue dict)
            throw TemplateFault.Type($"'{mapping.TypeName}' object is not a mapping");

        run.ChargeItems(dict.Length!.Value);
        KeyValuePair<string, Value>[] named = [.. dict.Entries.Where(entry => entry.Key is StringValue)
            .Select(entry => KeyValuePair.Create(((StringValue)entry.Key).Text, entry.Value))];
        return Apply(format, new Arguments([], named), run);
    }

    private sealed class Fields(Arguments arguments, RenderRun run)
    {
        private int? _automatic;
        private bool _isNumbered;

        public bool IsMarkup { get; init; }

        public StringValue Fill(StringValue format, int depth)
        {
            if (depth == 0)
                throw TemplateFault.Value("Max string recursion exceeded");

            var builder = new TextBuilder(run);
            string text = format.Text;
            for (int index = 0; index < text.Length; index++)
            {
                char character = text[index];
                bool isDoubled = index + 1 < text.Length && text[index + 1] == character;
                if (character is not ('{' or '}'))
                {
                    builder.Append(format, index, 1);
                }
                else if (isDoubled)
                {
                    builder.Append(format, index++, 1);
                }
                else if (character == '}')
                {
                    throw TemplateFault.Value("Single '}' encountered in format string");
                }
                else
                {
                    int end = End(text, index + 1);
                    builder.Append(Field(format.Part(index + 1, end - index - 1, run), depth));
                    index = end;
                }
            }

            return builder.ToValue();
        }

        private static int End(string text, int start)
        {
            int open = 1;
            for (int index = start; index < text.Length; index++)
            {
                open += text[index] switch { '{' => 1, '}' => -1, _ => 0 };
                if (open == 0)
                    return index;
            }

            throw TemplateFault.Value(start == text.Length ? "Single '{' encountered in format string" : "expected '}' before end of string");
        }

        private StringValue Field(StringValue field, int depth)
        {
            run.Step();
            string text = field.Text;
            int name = text.AsSpan().IndexOfAny('!', ':');
            if (name < 0)
                name = text.Length;
            Value value = Lookup(text[..name]);
            int spec = name;
            if (name < text.Length && text[name] == '!')
            {
                if (name + 1 >= text.Length || (name + 2 < text.Length && text[name + 2] != ':'))
                    throw TemplateFault.Value("expected ':' after conversion specifier");

                value = text[name + 1] switch
                {
                    's' => value.ToText(run),
                    'r' or 'a' => value.Repr(run),
                    var other => throw TemplateFault.Value($"Unknown conversion specifier {other}"),
                };
                spec = name + 2;
            }

            StringValue format = spec < text.Length ? Fill(field.Part(spec + 1, text.Length - spec - 1, run), depth - 1) : StringValue.Empty;
            if (IsMarkup)
                value = HtmlText.Escape(value, run);
            return FormatSpec.Apply(value, format.Text, run);
        }

        private Value Lookup(string name)
        {
            int end = name.AsSpan().IndexOfAny('.', '[');
            string first = end < 0 ? name : name[..end];
            Value value = First(first, isAlone: end < 0);
            while (end >= 0 && end < name.Length)
            {
                bool isItem = name[end] == '[';
                int next = isItem ? name.IndexOf(']', end) : name.AsSpan(end + 1).IndexOfAny('.', '[') is var found and >= 0 ? end + 1 + found : name.Length;
                if (next < 0)
                    throw TemplateFault.Value("Missing ']' in format string");

                run.Step();
                string part = name[(end + 1)..next];
                if (part.Length == 0)
                    throw TemplateFault.Value("Empty attribute in format string");
                value = isItem
                    ? Access.Item(value, int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out int index) ? IntValue.Of(index) : new StringValue(part), run)
                    : Access.Attribute(value, new StringValue(part), run);
                end = isItem ? next + 1 : next;
            }

            return value;
        }

        private Value First(string name, bool isAlone)
        {
            if (name.Length == 0 && isAlone)
            {
                if (_isNumbered)
                    throw TemplateFault.Value("cannot switch from manual field specification to automatic field numbering");
                _automatic = (_automatic ?? -1) + 1;
                return Positional(_automatic.Value);
            }

            if (!int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out int position))
                return Named(name) ?? throw TemplateFault.Value(PythonText.Quote(name));
            if (_automatic is not null)
                throw TemplateFault.Value("cannot switch from automatic field numbering to manual field specification");
            _isNumbered = true;
            return Positional(position);
        }

        private Value? Named(string name)
        {
            run.ChargeText(arguments.Named.Count * (8L + name.Length));
            return arguments.Find(name);
        }

        private Value Positional(int position) => position < arguments.Positional.Count
            ? arguments.Positional[position]
            : throw TemplateFault.Value($"Replacement index {position} out of range for positional args tuple");
    }
}
