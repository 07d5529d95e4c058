using Minions.Extensions.AI.Templates.Values;

namespace Minions.Extensions.AI.Templates.Nodes;

/// <summary>A macro, bound to the variables around its definition.</summary>
internal sealed class MacroValue(MacroDefinition definition, Activation outer) : CallableValue
{
    public override string TypeName => "Macro";

    public override string ObjectName => "jinja2.runtime.Macro object";

    private bool HasCallerParameter => definition.Parameters.Any(parameter => parameter.Name == "caller");

    public override Value Call(RenderRun run, Arguments arguments)
    {
        var scope = new Activation(run, outer, definition.SlotCount);
        Bind(scope, arguments);
        definition.Entry.Enter(scope);
        for (int index = 0; index < definition.Parameters.Count; index++)
        {
            NameExpression parameter = definition.Parameters[index];
            scope[parameter.Slot] ??= definition.DefaultOf(index)?.Evaluate(scope)
                ?? new UndefinedValue(() => $"parameter {PythonText.Quote(parameter.Name)} was not provided");
        }

        return definition.Body.Capture(scope).Text;
    }

    public override void WriteRepr(TextBuilder builder, RenderRun run) =>
        builder.Append($"<Macro {(definition.Name is null ? "anonymous" : PythonText.Quote(definition.Name))}>");

    public override Value? Attribute(string name) => name switch
    {
        "name" => definition.Name is null ? NoneValue.Instance : new StringValue(definition.Name),
        "arguments" => definition.ParameterNames,
        "catch_kwargs" => BoolValue.Of(definition.NamedRest is not null),
        "catch_varargs" => BoolValue.Of(definition.PositionalRest is not null),
        "caller" => BoolValue.Of(definition.Caller is not null),
        "explicit_caller" => BoolValue.Of(HasCallerParameter),
        _ => null,
    };

    private void Bind(Activation scope, Arguments arguments)
    {
        int given = Math.Min(arguments.Positional.Count, definition.Parameters.Count);
        for (int index = 0; index < given; index++)
            scope[definition.Parameters[index].Slot] = arguments.Positional[index];

        var rest = arguments.Named.ToList();
        scope.Run.ChargeCharacters(rest.Count * (definition.Parameters.Count - given + 2L));
        for (int index = given; index < definition.Parameters.Count; index++)
            scope[definition.Parameters[index].Slot] = Take(rest, definition.Parameters[index].Name);
        if (definition.Caller is { } caller)
            scope[caller] = Take(rest, "caller") ?? new UndefinedValue("No caller defined");

        if (definition.NamedRest is { } named)
            scope[named] = ToDict(rest, scope.Run);
        else if (rest.Count > 0)
            throw Unexpected(rest);

        if (definition.PositionalRest is { } positional)
            scope[positional] = new TupleValue([.. arguments.Positional.Skip(given)]);
        else if (arguments.Positional.Count > definition.Parameters.Count)
            throw TemplateFault.Type($"macro {QuotedName} takes not more than {definition.Parameters.Count} argument(s)");
    }

    private string QuotedName => definition.Name is null ? "None" : PythonText.Quote(definition.Name);

    private TemplateFault Unexpected(List<KeyValuePair<string, Value>> rest) => TemplateFault.Type(rest.Exists(argument => argument.Key == "caller")
        ? $"macro {QuotedName} was invoked with two values for the special caller argument. This is most likely a bug."
        : $"macro {QuotedName} takes no keyword argument {PythonText.Quote(rest[0].Key)}");

    private static Value? Take(List<KeyValuePair<string, Value>> arguments, string name)
    {
        int index = arguments.FindIndex(argument => argument.Key == name);
        if (index < 0)
            return null;

        Value value = arguments[index].Value;
        arguments.RemoveAt(index);
        return value;
    }

    private static DictValue ToDict(List<KeyValuePair<string, Value>> arguments, RenderRun run)
    {
        var dict = new DictValue(run);
        foreach ((string name, Value value) in arguments)
            dict.Set(new StringValue(name), value);
        return dict;
    }
}
