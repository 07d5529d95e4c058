namespace Minions.Extensions.AI.Templates.Syntax;

/// <summary>A token of a template.</summary>
/// <param name="Type">One of <see cref="TokenType"/>, or an operator as it is written.</param>
/// <param name="Text">The name, the decoded string, the digits or the text between tags.</param>
/// <param name="Line">The line it begins on, from 1.</param>
internal readonly record struct Token(string Type, string Text, int Line)
{
    public bool Is(string type) => Type == type;

    public bool IsName(string name) => Type == TokenType.Name && Text == name;

    /// <summary>What messages call the token.</summary>
    public string Description => Type == TokenType.Name ? Text : TokenType.Describe(Type);
}

/// <summary>The types of tokens that are no operators, as Jinja names them.</summary>
internal static class TokenType
{
    public const string Data = "data";
    public const string BlockBegin = "block_begin";
    public const string BlockEnd = "block_end";
    public const string VariableBegin = "variable_begin";
    public const string VariableEnd = "variable_end";
    public const string Name = "name";
    public const string String = "string";
    public const string Integer = "integer";
    public const string Float = "float";
    public const string End = "eof";

    public static string Describe(string type) => type switch
    {
        Data => "template data / text",
        BlockBegin => "begin of statement block",
        BlockEnd => "end of statement block",
        VariableBegin => "begin of print statement",
        VariableEnd => "end of print statement",
        End => "end of template",
        _ => type,
    };
}
