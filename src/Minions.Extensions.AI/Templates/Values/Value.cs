namespace Minions.Extensions.AI.Templates.Values;

/// <summary>A value of a template, with the behaviour of its Python type. There is no way from it to an object of .NET.</summary>
internal abstract class Value
{
    /// <summary>What Python calls the type, as its messages do.</summary>
    public abstract string TypeName { get; }

    /// <summary>What Jinja calls the object in messages about undefined values.</summary>
    public virtual string ObjectName => $"{TypeName} object";

    /// <summary>Whether it counts as true.</summary>
    public virtual bool IsTrue => true;

    /// <summary>Python's <c>len</c>, or <see langword="null"/> where the type has none.</summary>
    public virtual int? Length => null;

    /// <summary>Whether it can be gone through.</summary>
    public virtual bool IsIterable => false;

    /// <summary>Whether <c>len</c> and an index work on its type, which Jinja calls a sequence.</summary>
    public virtual bool IsSequence => false;

    /// <summary>Whether its type has a call.</summary>
    public virtual bool IsCallable => false;

    /// <summary>Python's <c>str</c>.</summary>
    public virtual StringValue ToText(RenderRun run) => Repr(run);

    /// <summary>Python's <c>repr</c>.</summary>
    public abstract void WriteRepr(TextBuilder builder, RenderRun run);

    /// <summary>Python's <c>==</c>.</summary>
    public virtual bool Equals(Value other, RenderRun run) => ReferenceEquals(this, other);

    /// <summary>Python's <c>hash</c>; equal values have equal ones.</summary>
    public virtual int Hash(RenderRun run) => System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(this);

    /// <summary>Python's <c>iter</c>. Whoever goes through it counts the items.</summary>
    public virtual IEnumerable<Value> Items(RenderRun run) => throw TemplateFault.Type($"'{TypeName}' object is not iterable");

    /// <summary>Python's subscription, or <see langword="null"/> where that raises a <c>LookupError</c> or a <c>TypeError</c>.</summary>
    public virtual Value? Item(Value key, RenderRun run) => null;

    /// <summary>An attribute of the Python type other than a method, or <see langword="null"/>.</summary>
    public virtual Value? Attribute(string name) => null;

    /// <summary>Python's <c>in</c>, of this value as the container.</summary>
    public virtual bool Contains(Value item, RenderRun run)
    {
        if (!IsIterable)
            throw TemplateFault.Type($"argument of type '{TypeName}' is not iterable");

        foreach (Value candidate in Items(run))
        {
            run.Step();
            if (ReferenceEquals(candidate, item) || candidate.Equals(item, run))
                return true;
        }

        return false;
    }

    /// <summary>Python's <c>len</c>.</summary>
    public int RequireLength() => Length ?? throw TemplateFault.Type($"object of type '{TypeName}' has no len()");

    public string ReprText(RenderRun run) => Repr(run).Text;

    public StringValue Repr(RenderRun run)
    {
        var builder = new TextBuilder(run);
        WriteRepr(builder, run);
        return builder.ToValue();
    }
}
