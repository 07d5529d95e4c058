namespace Minions.Extensions.AI.Templates.Values;

/// <summary>Jinja's <c>namespace</c>: the only value that a template can change.</summary>
internal sealed class NamespaceValue(DictValue attributes) : Value
{
    private bool _isPrinting;

    public override string TypeName => "Namespace";

    public override string ObjectName => "jinja2.utils.Namespace object";

    public override Value? Attribute(string name) => attributes.Find(new StringValue(name));

    public void Set(string name, Value value) => attributes.Set(new StringValue(name), value);

    public override void WriteRepr(TextBuilder builder, RenderRun run)
    {
        // A namespace can hold itself.
        if (_isPrinting)
        {
            builder.Append("<Namespace {...}>");
            return;
        }

        _isPrinting = true;
        builder.Append("<Namespace ");
        attributes.WriteRepr(builder, run);
        builder.Append('>');
        _isPrinting = false;
    }
}
