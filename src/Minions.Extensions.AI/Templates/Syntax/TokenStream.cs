using Minions.Extensions.AI.Templates.Values;

namespace Minions.Extensions.AI.Templates.Syntax;

/// <summary>The tokens of a template, with one of them in sight and one more to look at.</summary>
internal sealed class TokenStream : IDisposable
{
    private readonly Lexer _lexer;
    private readonly IEnumerator<Token> _tokens;
    private Token? _ahead;

    public TokenStream(Lexer lexer)
    {
        _lexer = lexer;
        _tokens = lexer.Tokens().GetEnumerator();
        Current = Read();
    }

    public Token Current { get; private set; }

    /// <summary>Where the tag begins that the current token is part of.</summary>
    public int TagStart => _lexer.TagStart;

    public void Dispose() => _tokens.Dispose();

    public string Excerpt(int start) => _lexer.Excerpt(start);

    /// <summary>The current token, behind which the stream moves.</summary>
    public Token Next()
    {
        Token token = Current;
        Current = _ahead ?? Read();
        _ahead = null;
        return token;
    }

    /// <summary>The token behind the current one.</summary>
    public Token Look() => _ahead ??= Read();

    public bool SkipIf(string type) => SkipWhen(Current.Is(type));

    public bool SkipName(string name) => SkipWhen(Current.IsName(name));

    public Token Expect(string type) => Current.Is(type) ? Next() : throw Unexpected(TokenType.Describe(type));

    public Token ExpectName(string name) => Current.IsName(name) ? Next() : throw Unexpected(name);

    public TemplateFault Fault(string message, int? line = null, FaultKind kind = FaultKind.Syntax) =>
        new TemplateFault(kind, message).At(line ?? Current.Line, Excerpt(TagStart));

    private TemplateFault Unexpected(string expected) => Fault(Current.Is(TokenType.End)
        ? $"unexpected end of template, expected {PythonText.Quote(expected)}."
        : $"expected token {PythonText.Quote(expected)}, got {PythonText.Quote(Current.Description)}");

    private bool SkipWhen(bool matches)
    {
        if (matches)
            Next();
        return matches;
    }

    private Token Read() => _tokens.MoveNext() ? _tokens.Current : new Token(TokenType.End, string.Empty, _lexer.Line);
}
