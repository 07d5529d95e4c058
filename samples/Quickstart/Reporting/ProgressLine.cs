using Spectre.Console;

namespace Quickstart.Reporting;

/// <summary>Says on standard error what is going on, where a person looks at it; silent when it is redirected.</summary>
internal sealed class ProgressLine(IAnsiConsole console)
{
    private readonly bool _visible = console.Profile.Out.IsTerminal && console.Profile.Capabilities.Ansi && console.Profile.Capabilities.Interactive;

    /// <summary>Shows a spinner until the work is done.</summary>
    public Task SpinAsync(string text, Func<Task> work) => _visible
        ? console.Status().Spinner(Spinner.Known.Dots).StartAsync(Markup.Escape(text), _ => work())
        : work();

    /// <summary>Replaces the line. Nothing moves in the background, so that a measurement is left in peace.</summary>
    public void Show(string text)
    {
        if (!_visible)
            return;

        Clear();
        console.Write(new ModelText(text, new Style(decoration: Decoration.Dim)));
    }

    public void Clear()
    {
        if (_visible)
            console.Write(new ControlCode("\r\u001b[2K"));
    }
}
