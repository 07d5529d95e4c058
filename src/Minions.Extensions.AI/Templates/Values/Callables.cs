namespace Minions.Extensions.AI.Templates.Values;

/// <summary>What a call passes.</summary>
internal readonly record struct Arguments(IReadOnlyList<Value> Positional, IReadOnlyList<KeyValuePair<string, Value>> Named)
{
    public static Arguments None { get; } = new([], []);

    public Value? Find(string name)
    {
        foreach ((string key, Value value) in Named)
        {
            if (key == name)
                return value;
        }

        return null;
    }
}

/// <summary>A value that can be called.</summary>
internal abstract class CallableValue : Value
{
    public override bool IsCallable => true;

    public abstract Value Call(RenderRun run, Arguments arguments);
}

/// <summary>A function of Jinja or a method of a Python type, bound to its object.</summary>
internal sealed class FunctionValue(string name, Func<RenderRun, Arguments, Value> body, string typeName = "function") : CallableValue
{
    public override string TypeName => typeName;

    public override Value Call(RenderRun run, Arguments arguments) => body(run, arguments);

    public override void WriteRepr(TextBuilder builder, RenderRun run) => builder.Append($"<{typeName} {name}>");
}
