using Minions.Extensions.AI.Templates.Values;

namespace Minions.Extensions.AI.Templates.Builtins;

/// <summary>The filters that apply another filter or a test to each item: <c>map</c>, <c>select</c> and their like. They work as they are read.</summary>
internal static class SelectionFilters
{
    public static IEnumerable<(string Name, TemplateFilter Filter)> All =>
    [
        ("map", (value, arguments, run) => new GeneratorValue("generator", "sync_do_map", Map(value, arguments, run))),
        ("select", (value, arguments, run) => Selection("select_or_reject", Select(value, arguments, keeps: true, byAttribute: false, run))),
        ("reject", (value, arguments, run) => Selection("select_or_reject", Select(value, arguments, keeps: false, byAttribute: false, run))),
        ("selectattr", (value, arguments, run) => Selection("select_or_reject", Select(value, arguments, keeps: true, byAttribute: true, run))),
        ("rejectattr", (value, arguments, run) => Selection("select_or_reject", Select(value, arguments, keeps: false, byAttribute: true, run))),
        Filters.Of("default", 0, ["default_value", "boolean"], (value, given, _) => Default(value, given)),
        Filters.Of("d", 0, ["default_value", "boolean"], (value, given, _) => Default(value, given)),
        Filters.Of("attr", 1, ["name"], (value, given, _) => value is UndefinedValue undefined
            ? throw undefined.Fault()
            : Access.Own(value, Argument.Text(given[0]!).Text) ?? UndefinedValue.Missing(value, Argument.Text(given[0]!).Text)),
    ];

    private static GeneratorValue Selection(string function, IEnumerable<Value> items) => new("generator", function, items);

    private static Value Default(Value value, Value?[] given) =>
        value is UndefinedValue || (Argument.Flag(given[1]) && !value.IsTrue) ? given[0] ?? StringValue.Empty : value;

    private static IEnumerable<Value> Map(Value value, Arguments arguments, RenderRun run)
    {
        if (!value.IsTrue)
            yield break;

        Func<Value, Value> change = Change(arguments, run);
        foreach (Value item in value.Items(run))
        {
            run.Step();
            yield return change(item);
        }
    }

    private static Func<Value, Value> Change(Arguments arguments, RenderRun run)
    {
        if (arguments.Positional.Count == 0 && arguments.Find("attribute") is { } attribute)
        {
            foreach ((string name, _) in arguments.Named)
            {
                if (name is not ("attribute" or "default"))
                    throw TemplateFault.Value($"Unexpected keyword argument {PythonText.Quote(name)}");
            }

            var path = new AttributePath(attribute, run, arguments.Find("default"));
            return item => path.Read(item, run);
        }

        if (arguments.Positional.Count == 0)
            throw TemplateFault.Value("map requires a filter argument");

        TemplateFilter filter = Filters.Require(Argument.Text(arguments.Positional[0]).Text);
        Arguments rest = arguments with { Positional = [.. arguments.Positional.Skip(1)] };
        return item => filter(item, rest, run);
    }

    private static IEnumerable<Value> Select(Value value, Arguments arguments, bool keeps, bool byAttribute, RenderRun run)
    {
        if (!value.IsTrue)
            yield break;

        Func<Value, bool> test = Test(arguments, byAttribute, run);
        foreach (Value item in value.Items(run))
        {
            run.Step();
            if (test(item) == keeps)
                yield return item;
        }
    }

    private static Func<Value, bool> Test(Arguments arguments, bool byAttribute, RenderRun run)
    {
        if (byAttribute && arguments.Positional.Count == 0)
            throw TemplateFault.Value("Missing parameter for attribute name");

        AttributePath path = byAttribute ? new AttributePath(arguments.Positional[0], run) : new AttributePath(null, run);
        int offset = byAttribute ? 1 : 0;
        if (arguments.Positional.Count == offset)
            return item => path.Read(item, run).IsTrue;

        TemplateTest test = Tests.Require(Argument.Text(arguments.Positional[offset]).Text);
        Arguments rest = arguments with { Positional = [.. arguments.Positional.Skip(offset + 1)] };
        return item => test(path.Read(item, run), rest, run);
    }
}
