using Microsoft.Extensions.AI;
using Minions.Core.Generation;
using Quickstart.Reporting;
using Spectre.Console;

namespace Quickstart.Chat;

/// <summary>What a person sees of a chat.</summary>
internal sealed class ChatView(IAnsiConsole console, IReadOnlyList<string> drafts)
{
    private static readonly Style Quiet = new(decoration: Decoration.Dim);
    private static readonly Style Bold = new(decoration: Decoration.Bold);

    private readonly SourceColors _colors = new(drafts);
    private TokenSpans _spans = new();
    private bool _isReasoning;
    private bool _isInLine;

    public void Greet(string model)
    {
        new TerminalReport(console, drafts).Legend();
        Note($"Chat with {model}. /help lists the commands, /exit leaves.");
    }

    /// <summary>Invites to type.</summary>
    public void Ask()
    {
        console.WriteLine();
        Show("> ", Bold);
    }

    /// <summary>Invites to go on with what was typed.</summary>
    public void AskForMore() => Show(". ", Bold);

    /// <summary>Writes what nobody typed, as a terminal does of itself.</summary>
    public void Echo(string line) => Show(line + "\n", Style.Plain);

    public void EndOfInput() => console.WriteLine();

    public void BeginAnswer()
    {
        _spans = new TokenSpans();
        _isReasoning = false;
        _isInLine = false;
    }

    /// <summary>Writes what an update brings: each token in the colour of its source, reasoning faint.</summary>
    public void Update(ChatResponseUpdate update)
    {
        if (update.RawRepresentation is IEnumerable<GeneratedToken> tokens)
            _spans.Add(tokens);
        foreach (AIContent content in update.Contents)
        {
            if (content is TextReasoningContent { Text.Length: > 0 } thought)
                Write(thought.Text, isReasoning: true);
            else if (content is TextContent { Text.Length: > 0 } text)
                Write(text.Text, isReasoning: false);
        }
    }

    public void EndAnswer() => EndLine();

    /// <summary>A quiet line.</summary>
    public void Note(string text) => Line(text, Quiet);

    /// <summary>What a command answers.</summary>
    public void Say(string text) => Line(text, Style.Plain);

    public void Error(string text) => Line("error: " + text, new Style(Color.Red));

    private void Write(string text, bool isReasoning)
    {
        if (isReasoning != _isReasoning)
        {
            EndLine();
            if (!console.Profile.Capabilities.Ansi)
                Show(isReasoning ? "(reasoning)\n" : "(answer)\n", Style.Plain);
            _isReasoning = isReasoning;
        }

        foreach ((string part, GeneratedToken? token) in _spans.Cut(text))
        {
            Style style = token is { } source ? _colors.Of(source) : Style.Plain;
            Show(part, isReasoning ? new Style(style.Foreground, decoration: Decoration.Dim) : style);
        }

        _isInLine = !text.EndsWith('\n');
    }

    private void EndLine()
    {
        if (_isInLine)
            console.WriteLine();
        _isInLine = false;
    }

    private void Line(string text, Style style)
    {
        EndLine();
        Show(text, style);
        console.WriteLine();
    }

    private void Show(string text, Style style) => console.Write(new ModelText(text, style));
}
