namespace Minions.Extensions.AI.Templates;

/// <summary>The kinds of <see cref="ChatTemplateException"/>.</summary>
public enum ChatTemplateErrorKind
{
    /// <summary>The template is no valid Jinja.</summary>
    Syntax = 0,

    /// <summary>The template names a filter or a test that does not exist.</summary>
    UnknownName = 1,

    /// <summary>The template works with something that is not there, such as a field that a message lacks.</summary>
    UndefinedValue = 2,

    /// <summary>The template itself refuses the messages, by <c>raise_exception</c>: roles that do not alternate, a role it does not know.</summary>
    Raised = 3,

    /// <summary>The template does what none may: include another one, change a list, reach for what is inside of an object.</summary>
    NotAllowed = 4,

    /// <summary>A value has the wrong type for what the template does with it.</summary>
    WrongType = 5,

    /// <summary>A value is out of range for what the template does with it, such as a division by zero.</summary>
    WrongValue = 6,

    /// <summary>The template exceeds one of the limits of <see cref="ChatTemplateOptions"/>.</summary>
    LimitExceeded = 7,

    /// <summary>The interpreter itself fails, which is a fault of this library. The inner exception is the cause.</summary>
    Internal = 8,
}
