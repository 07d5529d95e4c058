namespace Minions.Extensions.AI.Templates.Values;

/// <summary>What went wrong in a template, in the words that Jinja and Python have for it. The statement that it happened in adds its place.</summary>
internal sealed class TemplateFault(FaultKind kind, string message, Exception? cause = null) : Exception(message, cause)
{
    public FaultKind Kind { get; } = kind;

    /// <summary>The line, from 1, or 0 while it is not known.</summary>
    public int Line { get; private set; }

    /// <summary>The statement or expression as the template writes it.</summary>
    public string? Construct { get; private set; }

    public static TemplateFault Type(string message) => new(FaultKind.Type, message);

    public static TemplateFault Value(string message) => new(FaultKind.Value, message);

    public static TemplateFault Limit(string message) => new(FaultKind.Limit, message);

    /// <summary>What the framework throws where the interpreter does not expect it.</summary>
    public static TemplateFault Unexpected(Exception cause) => new(
        FaultKind.Internal, $"the interpreter fails with {cause.GetType().Name}: {cause.Message} This is a fault of the library: report it with the template.", cause);

    /// <summary>Notes the place unless an inner statement has done so already.</summary>
    public TemplateFault At(int line, string? construct)
    {
        if (Line == 0)
            (Line, Construct) = (line, construct);
        return this;
    }
}

/// <summary>The kinds of faults, each of which is one or several of Python's exceptions.</summary>
internal enum FaultKind
{
    /// <summary>Jinja's <c>TemplateSyntaxError</c>.</summary>
    Syntax,

    /// <summary>Jinja's <c>TemplateAssertionError</c>: no filter or test has this name.</summary>
    UnknownName,

    /// <summary>Jinja's <c>UndefinedError</c>.</summary>
    Undefined,

    /// <summary>Called for by the template itself.</summary>
    Raised,

    /// <summary>Jinja's <c>SecurityError</c>, and what this interpreter refuses.</summary>
    Forbidden,

    /// <summary>Python's <c>TypeError</c>.</summary>
    Type,

    /// <summary>Python's <c>ValueError</c> and its like.</summary>
    Value,

    /// <summary>One of this interpreter's limits.</summary>
    Limit,

    /// <summary>A fault of the interpreter.</summary>
    Internal,
}
