namespace Minions.Extensions.AI.Templates.Values;

/// <summary>Python's <c>None</c>.</summary>
internal sealed class NoneValue : Value
{
    private NoneValue()
    {
    }

    public static NoneValue Instance { get; } = new();

    public override string TypeName => "NoneType";

    public override string ObjectName => "None";

    public override bool IsTrue => false;

    public override void WriteRepr(TextBuilder builder, RenderRun run) => builder.Append("None");
}

/// <summary>What a name, an attribute or an index that is not there evaluates to. It prints as nothing; most else that is done with it fails.</summary>
internal sealed class UndefinedValue(Func<string> message, bool isForbidden = false) : Value
{
    public UndefinedValue(string message)
        : this(() => message)
    {
    }

    public override string TypeName => "Undefined";

    public override bool IsTrue => false;

    public override int? Length => 0;

    public override bool IsIterable => true;

    public override bool IsSequence => true;

    public override bool IsCallable => true; // The call is there, and fails.

    public static UndefinedValue Name(string name) => new(() => $"{PythonText.Quote(name)} is undefined");

    public static UndefinedValue Missing(Value owner, Value key, RenderRun run) => key is StringValue name
        ? Missing(owner, name.Text)
        : new UndefinedValue(() => $"{owner.ObjectName} has no element {key.ReprText(run)}");

    public static UndefinedValue Missing(Value owner, string name) =>
        new(() => $"{PythonText.Quote(owner.ObjectName)} has no attribute {PythonText.Quote(name)}");

    public static UndefinedValue Unsafe(Value owner, string name) =>
        new(() => $"access to attribute {PythonText.Quote(name)} of '{owner.TypeName}' object is unsafe.", isForbidden: true);

    public TemplateFault Fault() => new(isForbidden ? FaultKind.Forbidden : FaultKind.Undefined, message());

    public override StringValue ToText(RenderRun run) => StringValue.Empty;

    public override void WriteRepr(TextBuilder builder, RenderRun run) => builder.Append("Undefined");

    public override bool Equals(Value other, RenderRun run) => other is UndefinedValue;

    public override int Hash(RenderRun run) => 1;

    public override IEnumerable<Value> Items(RenderRun run) => [];
}
